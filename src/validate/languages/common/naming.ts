/** How a node's name becomes the name of its file, its function and its class, by the platform's rules. */

/** `sql_query_node` for SQLQueryNode, `build_v_card` for BuildVCard: an acronym ends before its last capital. */
export function snakeCase(name: string): string {
  return name
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .replaceAll(/[-.\s/]+/g, '_')
    .toLowerCase();
}

/** `getTLD` for GetTLD: TypeScript's and Java's function names. */
export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** `SqlQueryNode` for sql_query_node, `GreeterTools` for greeter-tools. */
export function pascalCase(name: string): string {
  return name
    .split(/[^A-Za-z0-9]+/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}

/** `GREETER_SIGNATURE` for a secret of any spelling: a constant's name in every language. */
export function constantCase(name: string): string {
  return snakeCase(name)
    .replaceAll(/[^a-z0-9]+/g, '_')
    .toUpperCase();
}

/** A secret's name as a constant: names that are in capitals stay as they are, others become so. */
export function secretConstant(name: string): string {
  return /^[A-Z0-9_]+$/.test(name) ? name : constantCase(name);
}
