/** The lists and groups inside axiom.yaml: nodes, imports, env, build. */

import { isScalar, isSeq, type Node } from 'yaml';
import { parseSecretName } from '../domain/ids';
import { MAX_NODE_NAME } from '../domain/package-name';
import type { DeclaredSecret, Span } from './finding';
import type { ManifestBuild, ManifestEnv, ManifestImport, ManifestNode } from './manifest';
import { ManifestLimit, shown, type Fields, type YamlCursor } from './yaml-cursor';

/** Most nodes of one package. */
const MAX_NODES = 1_000;
/** Most names that all nodes of a package declare together: a tenant has no more secrets (domain/scope). */
const MAX_DECLARED_NAMES = 1_000;

const NODE_FIELDS = [
  'name',
  'description',
  'input',
  'output',
  'type',
  'required_secrets',
  'mutation_capable',
  'kind',
  'generic_ports',
];
const IMPORT_FIELDS = ['package', 'version', 'messages'];
const ENV_FIELDS = ['name', 'description', 'required', 'secret', 'default'];
const BUILD_FIELDS = ['dockerfile', 'system_deps', 'nuget_deps', 'maven_deps', 'timeout'];

/** The nodes, in the file's order; `declared` and `places` are filled with where names are. */
export function readNodes(
  cursor: YamlCursor,
  root: Fields,
  declared: DeclaredSecret[],
  places: Map<string, Span>,
): readonly ManifestNode[] {
  const nodes: ManifestNode[] = [];
  const seen = new Map<string, string>();
  const items = cursor.list(root, 'nodes', 'axiom.yaml');
  if (items.length > MAX_NODES) {
    throw new ManifestLimit(`lists ${items.length} nodes; a package has at most ${MAX_NODES}, so split it`);
  }
  items.forEach((item, index) => {
    const fields = cursor.fields(item, `nodes[${index}]`, NODE_FIELDS);
    if (!fields) return;
    const name = readNodeName(cursor, fields, item, index, seen);
    places.set(name, cursor.span(fields.get('name')?.value ?? item));
    const what = name === '' ? `nodes[${index}]` : `node ${shown(name)}`;
    nodes.push({
      name,
      description: cursor.string(fields, 'description', what),
      ...readMessages(cursor, fields, item, what),
      type: readNodeType(cursor, fields, what),
      requiredSecrets: readSecrets(cursor, fields, what, name, declared),
      mutationCapable: cursor.boolean(fields, 'mutation_capable', what),
      kind: cursor.string(fields, 'kind', what),
      genericPorts: readPorts(cursor, fields),
    });
  });
  if (new Set(declared.map(({ name }) => name)).size > MAX_DECLARED_NAMES) {
    throw new ManifestLimit(
      `declares more than ${MAX_DECLARED_NAMES} names of secrets, and no tenant has so many; declare those that the nodes read`,
    );
  }
  return nodes;
}

function readNodeName(
  cursor: YamlCursor,
  fields: Fields,
  item: Node | null,
  index: number,
  seen: Map<string, string>,
): string {
  const name = cursor.string(fields, 'name', `nodes[${index}]`);
  const place = fields.get('name')?.value ?? item;
  if (name === '') {
    if (cursor.isEmpty(fields.get('name')))
      cursor.error(item, `nodes[${index}] has no "name"; add one, such as Greet`);
    return '';
  }
  if (name.length > MAX_NODE_NAME || !/^[A-Z][A-Za-z0-9]*$/.test(name)) {
    cursor.error(
      place,
      `node name "${shown(name)}" is not PascalCase; write letters and digits, such as GreetUser`,
    );
  }
  // Files and functions are named in lower case, so names that differ only in case would meet in one file.
  const other = seen.get(name.toLowerCase());
  if (other === name) cursor.error(place, `node ${shown(name)} is listed twice; rename or remove one`);
  else if (other) cursor.error(place, `nodes ${other} and ${shown(name)} differ only in case; rename one`);
  seen.set(name.toLowerCase(), name);
  return name;
}

/** Both messages are needed, save by generic nodes, whose ports an instance pins. */
function readMessages(
  cursor: YamlCursor,
  fields: Fields,
  item: Node | null,
  what: string,
): { readonly input: string; readonly output: string } {
  const generic = cursor.string(fields, 'kind', what) === 'generic';
  const message = (name: 'input' | 'output'): string => {
    const text = cursor.string(fields, name, what);
    if (text === '' && !generic && cursor.isEmpty(fields.get(name))) {
      cursor.error(item, `${what} has no "${name}"; name the message in messages/messages.proto`);
    } else if (text !== '' && !/^\.?[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/.test(text)) {
      cursor.error(
        fields.get(name)?.value,
        `"${name}" of ${what} is "${shown(text)}"; write a message's name`,
      );
    }
    return text;
  };
  return { input: message('input'), output: message('output') };
}

function readNodeType(cursor: YamlCursor, fields: Fields, what: string): 'unary' | 'pipeline' {
  const type = cursor.string(fields, 'type', what);
  if (type !== '' && type !== 'unary' && type !== 'pipeline') {
    cursor.error(fields.get('type')?.value, `"type" of ${what} is "${shown(type)}"; write unary or pipeline`);
  }
  return type === 'pipeline' ? 'pipeline' : 'unary';
}

function readSecrets(
  cursor: YamlCursor,
  fields: Fields,
  what: string,
  node: string,
  declared: DeclaredSecret[],
): readonly string[] {
  const names = new Set<string>();
  for (const item of cursor.list(fields, 'required_secrets', what)) {
    const name = cursor.textOf(item, `each item of "required_secrets" of ${what}`);
    if (name === undefined) continue;
    if (names.has(name)) {
      cursor.warn(item, `required_secrets of ${what} lists ${shown(name)} twice; remove one`);
      continue;
    }
    try {
      parseSecretName(name);
      names.add(name);
      declared.push({ node, name, ...cursor.span(item) });
    } catch {
      cursor.error(
        item,
        `"${shown(name)}" in required_secrets of ${what} is not a secret name; write 1 to 128 letters, digits, ` +
          'underscores, dots and hyphens, the first a letter or underscore',
      );
    }
  }
  return [...names];
}

/** Ports belong to the platform's editor: kept as written. */
function readPorts(cursor: YamlCursor, fields: Fields): readonly unknown[] {
  const node = cursor.resolve(fields.get('generic_ports')?.value ?? null);
  if (!isSeq(node)) return [];
  return cursor
    .list(fields, 'generic_ports', 'a node')
    .map((item) => (isScalar(item) ? item.value : item && cursor.source(item)));
}

export function readImports(cursor: YamlCursor, root: Fields): readonly ManifestImport[] {
  return cursor.list(root, 'imports', 'axiom.yaml').flatMap((item, index) => {
    const what = `imports[${index}]`;
    const fields = cursor.fields(item, what, IMPORT_FIELDS);
    if (!fields) return [];
    for (const name of ['package', 'version']) {
      if (cursor.isEmpty(fields.get(name))) cursor.error(item, `${what} has no "${name}"; add it`);
    }
    return {
      package: cursor.string(fields, 'package', what),
      version: cursor.string(fields, 'version', what),
      messages: cursor.texts(fields, 'messages', what),
    };
  });
}

export function readEnv(cursor: YamlCursor, root: Fields): readonly ManifestEnv[] {
  return cursor.list(root, 'env', 'axiom.yaml').flatMap((item, index) => {
    const what = `env[${index}]`;
    const fields = cursor.fields(item, what, ENV_FIELDS);
    if (!fields) return [];
    if (cursor.isEmpty(fields.get('name'))) cursor.error(item, `${what} has no "name"; add it`);
    return {
      name: cursor.string(fields, 'name', what),
      description: cursor.string(fields, 'description', what),
      required: cursor.boolean(fields, 'required', what),
      secret: cursor.boolean(fields, 'secret', what),
      default: cursor.string(fields, 'default', what),
    };
  });
}

export function readBuild(cursor: YamlCursor, root: Fields): ManifestBuild {
  const field = root.get('build');
  const empty: Fields = new Map();
  const fields =
    field && !cursor.isEmpty(field) ? (cursor.fields(field.value, '"build"', BUILD_FIELDS) ?? empty) : empty;
  const what = '"build"';
  return {
    dockerfile: cursor.string(fields, 'dockerfile', what),
    systemDeps: cursor.texts(fields, 'system_deps', what),
    nugetDeps: cursor.texts(fields, 'nuget_deps', what),
    mavenDeps: cursor.texts(fields, 'maven_deps', what),
    timeout: cursor.string(fields, 'timeout', what),
  };
}
