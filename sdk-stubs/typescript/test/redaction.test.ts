/** A value cannot be printed before `get` hands it out. */

import { format, inspect } from 'node:util';
import { InvocationSecrets } from '../gen/axiom/invocation-secrets';
import { SecretText } from '../gen/axiom/secret-text';

const CANARY = 'canary-51d0';

describe.each([
  ['a value', () => new SecretText(Buffer.from(CANARY))],
  ['a list of values', () => [new SecretText(Buffer.from(CANARY))]],
  [
    "an invocation's secrets",
    () =>
      new InvocationSecrets(new Map([['NAME', new SecretText(Buffer.from(CANARY))]]), [], () => undefined),
  ],
])('%s', (_what, make) => {
  it.each([
    ['JSON', (printed: unknown) => JSON.stringify({ printed })],
    ['an inspector', (printed: unknown) => inspect(printed, { depth: 9, showHidden: true })],
    ['a format', (printed: unknown) => format('%s %j %o %O', printed, printed, printed, printed)],
    ['a template', (printed: unknown) => `${String(printed)}`],
    ['its own keys', (printed: unknown) => inspect(Object.getOwnPropertyDescriptors(printed))],
  ])('is not in %s', (_how, print) => {
    const shown = print(make());
    expect(shown).not.toContain(CANARY);
    expect(shown).not.toContain(Buffer.from(CANARY).toString('hex'));
  });

  it('says that it is redacted', () => {
    expect(inspect(make())).toContain('[REDACTED]');
    expect(JSON.stringify(make())).toContain('[REDACTED]');
  });
});
