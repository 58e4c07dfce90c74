/** ax.secrets, of a running node and of the double for tests: the same vectors for both. */

import { InvocationSecrets } from '../gen/axiom/invocation-secrets';
import { SecretText } from '../gen/axiom/secret-text';
import { SecretStatus, secretStatusOf, type AxiomSecrets } from '../gen/axiomContext';
import { createTestContext } from '../gen/axiomTestContext';

type Make = (values: Record<string, string>, revoked?: readonly string[]) => AxiomSecrets;

const running: Make = (values, revoked = []) => {
  const texts = Object.entries(values).map(
    ([name, value]) => [name, new SecretText(Buffer.from(value))] as const,
  );
  return new InvocationSecrets(new Map(texts), revoked, () => undefined);
};

const double: Make = (secretsMap, revokedNames = []) =>
  createTestContext({ secretsMap, revokedNames }).secrets;

describe.each([
  ['of a running node', running],
  ['of a test context', double],
])('ax.secrets %s', (_what, make) => {
  it.each([
    ['text', 'sk-live-1'],
    ['a NUL', 'a\0b'],
    ['CRLF', 'a\r\nb'],
    ['a trailing newline', 'a\n'],
    ['a byte order mark', '\ufeffa'],
    ['four-byte UTF-8', '🔑'],
    ['right-to-left text', 'مفتاح'],
    ['64 KiB', 'é'.repeat(32 * 1024)],
  ])('finds %s, byte for byte', (_kind, value) => {
    expect(make({ NAME: value }).get('NAME')).toEqual([value, true]);
  });

  it('answers an empty value and false for what is missing, empty or spelled otherwise', () => {
    const secrets = make({ NAME: 'v' });
    for (const name of ['MISSING', '', 'name', 'constructor', '__proto__']) {
      expect(secrets.get(name)).toEqual(['', false]);
      expect(secretStatusOf(secrets, name)).toBe(SecretStatus.Unset);
    }
  });

  it('finds each of 1,000 names', () => {
    const values = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`N${i}`, `v${i}`]));
    const secrets = make(values);
    expect(Object.keys(values).map((name) => secrets.get(name)[0])).toEqual(Object.values(values));
  });

  it('does not find what was revoked, and the status says so', () => {
    const secrets = make({ NAME: 'v', OTHER: 'o' }, ['NAME']);
    expect([secrets.get('NAME'), secretStatusOf(secrets, 'NAME')]).toEqual([['', false], 'revoked']);
    expect(secretStatusOf(secrets, 'OTHER')).toBe('available');
  });
});

describe('the secrets of a running node', () => {
  it('tell of every read by name, and of no status', () => {
    const reads: string[] = [];
    const values = new Map([['NAME', new SecretText(Buffer.from('v'))]]);
    const secrets = new InvocationSecrets(values, [], (name, found) => reads.push(`${name} ${found}`));
    secrets.get('NAME');
    secrets.get('OTHER');
    secrets.status('NAME');
    expect(reads).toEqual(['NAME true', 'OTHER false']);
  });

  it('cut a name that is longer than any before it is looked up and reported', () => {
    const reads: string[] = [];
    const longest = 'N'.repeat(128);
    const values = new Map([[longest, new SecretText(Buffer.from('v'))]]);
    const secrets = new InvocationSecrets(values, [], (name) => reads.push(name));
    expect(secrets.get(longest + 'x'.repeat(10_000_000))).toEqual(['', false]);
    expect(secrets.status(`${longest}x`)).toBe('unset');
    expect(secrets.get(longest)).toEqual(['v', true]);
    expect(reads).toEqual([`${longest}x`, longest]);
  });

  it('are wiped when they are forgotten', () => {
    const bytes = Buffer.from('value');
    const reads: string[] = [];
    const secrets = new InvocationSecrets(new Map([['NAME', new SecretText(bytes)]]), ['OLD'], (name) =>
      reads.push(name),
    );
    secrets.forget();
    expect(secrets.get('NAME')).toEqual(['', false]);
    expect([...bytes]).toEqual([0, 0, 0, 0, 0]);
    expect(reads).toEqual([]);
  });
});

describe('a double that only has get', () => {
  it('is asked that, and never says revoked', () => {
    const secrets: AxiomSecrets = { get: (name) => (name === 'NAME' ? ['v', true] : ['', false]) };
    expect([secretStatusOf(secrets, 'NAME'), secretStatusOf(secrets, 'GONE')]).toEqual([
      'available',
      'unset',
    ]);
  });
});
