// How fast the sidecar masks what nodes log: the worst values that a tenant may save, and the worst texts, beside
// ordinary ones. Bytes of text a second on one core: without end, where the tenant's credit is spent and what is too dear is
// masked whole; and at first, out of that credit. The first as a ratio to copying the same text out as a string, too.

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { ValueMasker } = require('../dist/sidecar/masking/value-masker.js');

const RECORD_BYTES = 65_536;
const ROUNDS = 5;
const SECONDS = 0.05;

// A generator with a fixed seed (mulberry32): every run looks at the same bytes.
let state = 20_260_114;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const token = (length, letters = LETTERS) =>
  Array.from({ length }, () => letters[Math.floor(random() * letters.length)]).join('');
const many = (count, make) => Array.from({ length: count }, (_, i) => Buffer.from(make(i)));

const common = token(1_000);
const values = {
  '50 tokens of 40 bytes': many(50, () => `sk-${token(37)}`),
  '1,000 values of 1 KiB, one common beginning': many(1_000, (i) => (common + token(24) + i).slice(0, 1_024)),
  '2 x 1,000 values of 1 KiB': many(2_000, () => token(1_024)),
  '16 values of 64 KiB, a pattern repeated': many(16, (i) => `ab${i}`.repeat(30_000).slice(0, 65_536)),
  '2,000 values of 15 bytes, one common beginning': many(
    2_000,
    (i) => `aaaaaaaaaa${String(i).padStart(5, 'a')}`,
  ),
  '2,000 random values of 15 bytes': many(2_000, () => token(15)),
  '2,000 random values of 4 bytes': many(2_000, () => token(4)),
  '2,000 values of 4 to 7 bytes': many(2_000, (i) => `aaa${i}`.slice(0, 7)),
  '2,000 random values of 12 bytes that escapes begin with': many(2_000, () => token(12, `ab"'\\%&+ `)),
};

const fill = (make) => {
  let text = '';
  while (text.length < RECORD_BYTES) text += make();
  return Buffer.from(text).subarray(0, RECORD_BYTES);
};
const words = [
  'request',
  'GET',
  '/v1/items',
  'status=200',
  'took',
  '35ms',
  'user',
  'cache',
  'miss,',
  'retrying',
  'in',
];
const some = (list) => list[Math.floor(random() * list.length)];
function base32(bytes) {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits.replace(
    /.{1,5}/g,
    (five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[parseInt(five.padEnd(5, '0'), 2)],
  );
}
const texts = {
  'an ordinary log': () => fill(() => `${some(words)} `),
  'pieces of the values': (held) =>
    fill(() => {
      const value = some(held);
      const begin = Math.floor(random() * value.length);
      return value.toString('latin1', begin, begin + 11 + Math.floor(random() * 300));
    }),
  'values and nothing else': (held) => fill(() => some(held).toString('latin1')),
  'one letter': () => fill(() => 'a'.repeat(1_000)),
  'base64 without end': () => fill(() => token(1_000)),
  'base32 without end': () => fill(() => token(2_000).replace(/[^A-Z2-7]/g, '')),
  'base32 of the values': (held) =>
    fill(() => `${base32(Buffer.concat(many(12, () => some(held).subarray(0, 40))))} `),
  'signs of escapes, no order': () => fill(() => token(1, `\\\\%%&#+"';xu4a`)),
  'escapes of every kind': () => fill(() => `\\u0061%61&#97;''+[97, 97, 97, 97] 61 61 61 61 ${token(20)}`),
  'escapes in escapes': () =>
    fill(() => `%5Cu0041%255C\\u005cn&amp;lt;\\\\u0026#97; ${token(20)}\\/${token(20)}+`),
};

/** Median of bytes a second of this process's own time: the machine may have other work. */
function bytesASecond(work) {
  const rates = [];
  for (let round = 0; round < ROUNDS; round++) {
    let bytes = 0;
    const begin = cpuSeconds();
    do {
      work();
      bytes += RECORD_BYTES;
    } while (cpuSeconds() - begin < SECONDS);
    rates.push(bytes / (cpuSeconds() - begin));
  }
  return rates.sort((a, b) => a - b)[ROUNDS >> 1];
}

function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

// What is measured first is compiled as all of it will be.
const [firstHeld] = Object.values(values);
const firstMasker = ValueMasker.of(firstHeld);
for (const make of Object.values(texts)) bytesASecond(() => firstMasker.mask(make(firstHeld)));

const NOTHING_LEFT = { left: () => 0, take: () => undefined };
const mb = (rate) => `${(rate / 1e6).toFixed(0)} MB/s`.padStart(10);
for (const [what, held] of Object.entries(values)) {
  const begin = performance.now();
  const masker = ValueMasker.of(held);
  const made = performance.now() - begin;
  const mib = ValueMasker.bytesFor(held) / 1024 / 1024;
  console.log(`\nmasker, ${what}: made in ${made.toFixed(1)} ms, at most ${mib.toFixed(2)} MiB`);
  for (const [kind, make] of Object.entries(texts)) {
    const text = make(held);
    const copying = bytesASecond(() => text.toString('utf8'));
    const masking = bytesASecond(() => masker.mask(text, Infinity, NOTHING_LEFT));
    const atFirst = bytesASecond(() => masker.mask(text));
    const ratio = `1 : ${(copying / masking).toFixed(0)} of copying it`;
    console.log(`  ${kind.padEnd(26)} ${mb(masking)}, at first ${mb(atFirst)}   ${ratio}`);
  }
}
