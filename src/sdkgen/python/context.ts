/** gen/axiom_context.py for one package: the stub with the package's own secret names to complete. */

const BLOCK = /^ *# axiom:declared-names\n[\s\S]*?^ *# axiom:end\n/m;

const IMPORTS_FOR_NAMES = /^    (?:Literal|overload),\n/gm;

/** `stub` is sdk-stubs/python/gen/axiom_context.py; `names` are the declared secrets. */
export function contextModule(stub: string, names: readonly string[]): string {
  if (!BLOCK.test(stub))
    throw new Error('sdk-stubs/python/gen/axiom_context.py lacks its declared-names block');
  if (names.length === 0) return stub.replace(BLOCK, '').replaceAll(IMPORTS_FOR_NAMES, '');
  const literals = names.map((name) => `        ${JSON.stringify(name)},\n`).join('');
  // A second overload takes any other name: declaring is information, not a limit.
  return stub.replace(
    BLOCK,
    () =>
      `    @overload\n    def get(\n        self,\n        name: Literal[\n${literals.replaceAll(/^/gm, '    ').trimEnd()}\n` +
      '        ],\n    ) -> Tuple[str, bool]: ...\n' +
      '    @overload\n    def get(self, name: str) -> Tuple[str, bool]: ...\n',
  );
}
