import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ValueMasker } from '../../src/sidecar/masking/value-masker';

// The global one: a mock of an imported `jest` would not be in place before the masker is.
declare const jest: (typeof import('@jest/globals'))['jest'];
// A filter that is seeded by chance takes one character too many about once in a hundred edges.
jest.mock('../../src/sidecar/masking/seed', () => ({ FILTER_SEED: 0x5eed, TABLE_MULTIPLIER: 0x9e3779b1 }));

const VALUES = 400;
/** 99.5 % are found. */
const MOST_LOST = 2;

const alphanumeric = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789');
const piece = fc.oneof(
  fc.string({ unit: alphanumeric, minLength: 1, maxLength: 5 }),
  fc.constantFrom('\\', '\\\\', '\\n', '\\"', '\\x41', '\\101', '\\u0041', '\\u0026', '\\u{41}'),
  fc.constantFrom('%', '%25', '%26', '%41', '%5C', '&', '&amp;', '&lt;', '&quot;', '&#65;', '&#x41;'),
  fc.constantFrom('=', '=41', "'", "''", '"', '""', '+', ' ', ';', '#', 'é', 'QUJDREVG'),
);
/** Values that look like escapes themselves, of 8 bytes and more. */
const value = fc
  .tuple(alphanumeric, fc.array(piece, { minLength: 2, maxLength: 8, size: 'max' }), alphanumeric)
  .map(([first, pieces, last]) => first + pieces.join('') + last)
  .filter((text) => Buffer.byteLength(text) >= 8);

const json = (text: string): string => JSON.stringify(text).slice(1, -1);
const ENTITIES: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": '#39',
};
const html = (text: string): string => text.replace(/[&<>"']/g, (one) => `&${ENTITIES[one]};`);
const url = encodeURIComponent;
const sql = (text: string): string => text.replaceAll("'", "''");
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const unicode = (one: string): string => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`;

const writers: [form: string, write: (text: string) => string][] = [
  ['as it is', (text) => text],
  ['JSON', json],
  ['JSON in JSON', (text) => json(json(text))],
  [
    'JSON of ASCII only, as .NET writes it',
    (text) => json(text).replace(/\\"|[&<>'+é]/g, (one) => unicode(one.slice(-1))),
  ],
  ['HTML', html],
  ['HTML in HTML', (text) => html(html(text))],
  ['URL encoding', url],
  ['URL encoding, twice', (text) => url(url(text))],
  ['a form', (text) => new URLSearchParams({ k: text }).toString().slice(2)],
  ['HTML in JSON', (text) => json(html(text))],
  ['a URL in JSON', (text) => json(url(text))],
  ['JSON in a URL', (text) => url(json(text))],
  ['JSON in HTML', (text) => html(json(text))],
  ['SQL', sql],
  ['SQL in JSON', (text) => json(sql(text))],
  ['CSV', (text) => text.replaceAll('"', '""')],
  ["a shell's quotes", (text) => text.replaceAll("'", `'\\''`)],
  ["Python's repr", (text) => text.replace(/[\\']/g, '\\$&')],
  [
    "Rust's escape_unicode",
    (text) => Array.from(text, (one) => `\\u{${one.charCodeAt(0).toString(16)}}`).join(''),
  ],
  ['base64', (text) => base64(text).replace(/=+$/, '')],
  ['base64 in a URL', (text) => url(base64(text).replace(/=+$/, ''))],
  ['hex', (text) => Buffer.from(text).toString('hex')],
];

const lettersAndDigits = (text: string): number =>
  text.replaceAll('[REDACTED]', '').match(/[\p{L}\p{N}]/gu)?.length ?? 0;

describe('the sidecar masks values that look like escapes themselves', () => {
  it.each(writers)('written as %s', (_, write) => {
    const lost = fc.sample(value, { numRuns: VALUES, seed: 20_261_129 }).filter((text) => {
      const masked = ValueMasker.of([Buffer.from(text)]).mask(`< ${write(text)} >`);
      return !masked.includes('[REDACTED]') || lettersAndDigits(masked) > 3;
    });
    expect(lost.length > MOST_LOST ? lost : []).toEqual([]);
  });
});
