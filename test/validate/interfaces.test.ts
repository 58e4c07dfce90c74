/** Go's interfaces: what looking for the types that have their methods takes. */

import { expect, it, jest } from '@jest/globals';
import { joinInterfaces } from '../../src/validate/languages/go/interfaces';
import { readProgram } from '../../src/validate/languages/package-program';

const LEVELS = 5;
const WIDE = 6;

it('Structs that all embed all of the next level are each looked into once for a struct above them', async () => {
  const structs = Array.from({ length: LEVELS * WIDE }, (_, i) => {
    const next = (Math.floor(i / WIDE) + 1) * WIDE;
    const embedded = Array.from({ length: next < LEVELS * WIDE ? WIDE : 0 }, (_, k) => `\tS${next + k}\n`);
    return `type S${i} struct {\n${embedded.join('')}}\n`;
  });
  const text = `package nodes\n\n${structs.join('\n')}\ntype Getter interface {\n\tGet() string\n}\n\nfunc (S29) Get() string { return "" }\n`;
  const { scope } = await readProgram('go', [{ path: 'nodes/a.go', text, suspect: false }]);
  const lookUps = jest.spyOn(scope.spreadClasses, 'get');
  joinInterfaces(scope);
  // What is embedded 144 times in all, for each of 30 structs.
  expect(lookUps.mock.calls.length).toBeGreaterThan(144);
  expect(lookUps.mock.calls.length).toBeLessThanOrEqual(144 * 30);
});
