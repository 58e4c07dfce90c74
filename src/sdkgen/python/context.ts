/** gen/axiom_context.py for one package: the stub with the package's own secret names to complete. */

import type { Stub } from '../stubs';

const BLOCK = /^ *# axiom:declared-names\n[\s\S]*?^ *# axiom:end\n/m;

/** What only the block needs of `typing`. */
const IMPORTS_FOR_NAMES = ['    Literal,\n', '    overload,\n'];

/** `stub` is sdk-stubs/python/gen/axiom_context.py; `names` are the declared secrets. */
export function contextModule(stub: Stub, names: readonly string[]): string {
  if (names.length === 0) {
    return IMPORTS_FOR_NAMES.reduce((text, name) => text.replace(name, ''), stub.replace(BLOCK, '')).text;
  }
  const literals = names.map((name) => `        ${JSON.stringify(name)},\n`).join('');
  // A second overload takes any other name: declaring is information, not a limit.
  return stub.replace(
    BLOCK,
    `    @overload\n    def get(\n        self,\n        name: Literal[\n${literals.replaceAll(/^/gm, '    ').trimEnd()}\n` +
      '        ],\n    ) -> Tuple[str, bool]: ...\n' +
      '    @overload\n    def get(self, name: str) -> Tuple[str, bool]: ...\n',
  ).text;
}
