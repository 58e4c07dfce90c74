import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ResolveForExecutionResponseSchema } from '../../src/gen/axiom/secrets/v1/secrets_pb';
import { Executions } from '../../src/sidecar/executions';
import { ExecutionSecrets } from '../../src/sidecar/execution-secrets';
import { ValueMasker } from '../../src/sidecar/masking/value-masker';
import { MaskingCredits } from '../../src/sidecar/masking-credits';
import { Resolution } from '../../src/sidecar/resolution';

// The global one: a mock of an imported `jest` would not be in place before the masker is.
declare const jest: (typeof import('@jest/globals'))['jest'];
jest.mock('../../src/sidecar/masking/seed', () => ({ FILTER_SEED: 0x5eed, TABLE_MULTIPLIER: 0x9e3779b1 }));

const MIB = 1_048_576;

let state = 11;
const below = (end: number): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * end);
};
const token = (length: number, letters: string): string =>
  Array.from({ length }, () => letters[below(letters.length)]).join('');
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const tokens = Array.from({ length: 50 }, () => `sk-${token(37, LETTERS)}`);
const masker = ValueMasker.of(tokens.map((one) => Buffer.from(one)));
const signs = Array.from({ length: 32_768 }, () => `\\\\%%&#+"';xu4a`[below(14)]).join('');

/** How many texts in a row are shown whole: `most` where all are. */
function shown(most: number, mask: (text: string) => string, text: string): number {
  for (let i = 0; i < most; i++) if (mask(text).endsWith('[REDACTED]')) return i;
  return most;
}

describe('what a tenant logs that is dear to mask', () => {
  it('is shown until its credit is spent, and again as that comes back', () => {
    let now = 0;
    const credits = new MaskingCredits(() => now);
    const mask = (text: string): string => masker.mask(text, Infinity, credits.of('acme'));
    const atOnce = shown(10_000, mask, signs);
    // Megabytes of nothing else.
    expect(atOnce).toBeGreaterThan(100);
    expect(atOnce).toBeLessThan(10_000);
    expect(shown(3, mask, signs)).toBe(0);
    expect(shown(3, (text) => masker.mask(text, Infinity, credits.of('other')), signs)).toBe(3);
    now += 1_000;
    const aSecond = shown(10_000, mask, signs);
    expect(aSecond).toBeGreaterThan(20);
    expect(aSecond).toBeLessThan(atOnce);
    now += 3_600_000;
    expect(shown(10_000, mask, signs)).toBe(atOnce);
  });

  it('is forgotten once its credit is full again', () => {
    let now = 0;
    const credits = new MaskingCredits(() => now);
    const { left, take } = credits.of('acme');
    take(3 * MIB);
    credits.sweep();
    expect(left()).toBe(5 * MIB);
    now += 1_000;
    expect(left()).toBe(7 * MIB);
    take(100 * MIB);
    expect(left()).toBe(0);
    now += 5_000;
    credits.sweep();
    expect(left()).toBe(8 * MIB);
  });

  it('is of one credit in all its executions', async () => {
    const now = 5;
    const resolve = (executionToken: string): Promise<ExecutionSecrets> =>
      Promise.resolve(secretsOf(executionToken.slice(0, 4)));
    const executions = new Executions(resolve, { executions: 10, bytes: 2 ** 30 }, () => now);
    const one = await executions.get('acme-1');
    const atOnce = shown(10_000, (text) => one.mask(text), signs);
    expect(atOnce).toBeGreaterThan(100);
    const another = await executions.get('acme-2');
    expect(shown(3, (text) => another.mask(text), signs)).toBe(0);
    const other = await executions.get('else-1');
    expect(shown(3, (text) => other.mask(text), signs)).toBe(3);
  });

  const line = (i: number): string =>
    `line-${i} 2026-11-30T12:00:07Z GET /v1/items/${below(1e9)} status=200 took ${below(999)}ms token=${tokens[below(50)]}.`;
  const logs: Record<string, (text: string) => string> = {
    'as they are': (text) => text,
    'in JSON': (text) => JSON.stringify({ level: 'info', message: text, path: '/a/b', ok: true }),
    'in JSON in JSON': (text) => JSON.stringify({ body: JSON.stringify({ message: text, tags: ['b', 1] }) }),
    'in HTML': (text) => `<p title="x">${text.replaceAll('=', '&#61;')} &amp; &lt;more&gt;</p>`,
    'in base64': (text) => `body=${Buffer.from(text.repeat(3)).toString('base64')}`,
    'in a URL': (text) => `/x?q=${encodeURIComponent(text)}`,
  };
  it.each(Object.entries(logs))('is not honest logs, 8 MiB of them without a pause: %s', (_, write) => {
    const credits = new MaskingCredits(() => 0);
    const credit = credits.of('acme');
    // As if it had spent nearly all before.
    credit.take(7 * MIB);
    for (let taken = 0, i = 0; taken < 8 * MIB;) {
      let text = '';
      while (text.length < 32_000) text += `${write(line(i++))}\n`;
      taken += text.length;
      const masked = masker.mask(text, Infinity, credit);
      expect(masked).toContain('[REDACTED]');
      expect(masked.endsWith('\n')).toBe(true);
    }
  });

  const piece = fc.oneof(
    fc.constantFrom(...tokens),
    fc.constantFrom(...tokens).map((one) => Buffer.from(one).toString('base64')),
    fc.constantFrom(...tokens).map((one) => Buffer.from(one).toString('hex')),
    fc.constantFrom(
      '\\',
      '\\u0041',
      '%',
      '%41',
      '&',
      '&amp;',
      '"',
      "''",
      '\n',
      ' ',
      '12, 13, 14, ',
      'a word ',
    ),
    fc.string({ minLength: 1, maxLength: 20 }),
  );
  it('is shown in front of where it is masked whole as it is without an end of the credit', () => {
    let cut = 0;
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 100, maxLength: 900, size: 'max' }),
        fc.integer({ min: 0, max: 20_000 }),
        (pieces, bytes) => {
          const text = pieces.join('');
          const masked = masker.mask(text, Infinity, { left: () => bytes, take: () => undefined });
          const whole = masker.mask(text);
          if (masked === whole) return;
          cut++;
          expect(masked.endsWith('[REDACTED]')).toBe(true);
          expect(whole.startsWith(masked.slice(0, -'[REDACTED]'.length))).toBe(true);
        },
      ),
      { numRuns: 300, seed: 20_261_130 },
    );
    expect(cut).toBeGreaterThan(20);
  });
});

/** An execution of a tenant's, with the tokens as its secrets. */
function secretsOf(tenantId: string): ExecutionSecrets {
  const answer = create(ResolveForExecutionResponseSchema, {
    secrets: Object.fromEntries(
      tokens.map((one, i) => [`TOKEN_${i}`, { value: Buffer.from(one), version: 1n }]),
    ),
    receipt: { executionId: 'ex', tenantId, flowId: 'flow', timeLeft: { seconds: 60n } },
  });
  return new ExecutionSecrets(
    Resolution.parse(Buffer.from(toBinary(ResolveForExecutionResponseSchema, answer))),
    0,
  );
}
