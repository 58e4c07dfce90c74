// Values as people have them. None is real: all come from a generator with a fixed seed.

/** mulberry32. */
export function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const random = generator(7);
const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const PRINTABLE = `${ALPHANUMERIC}!"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}~`;
const text = (length, alphabet = ALPHANUMERIC) =>
  Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
const base64 = (length) => text(length, `${ALPHANUMERIC}+/`);
const pem = (lines) =>
  `-----BEGIN PRIVATE KEY-----\n${Array.from({ length: lines }, () => base64(64)).join('\n')}\n-----END PRIVATE KEY-----\n`;

const MAKERS = {
  'tokens with a prefix': () => `sk-${text(40)}`,
  'personal access tokens': () => `ghp_${text(36)}`,
  'hex keys': () => text(64, '0123456789abcdef'),
  'base64 keys': () => `${base64(43)}=`,
  UUIDs: () => [8, 4, 4, 4, 12].map((n) => text(n, '0123456789abcdef')).join('-'),
  'passwords of 8': () => `${text(7, PRINTABLE.replace(/[ \\]/g, ''))}7`,
  'passwords of 12': () => text(12, PRINTABLE),
  'passwords of 20': () => text(20, PRINTABLE),
  passphrases: () => Array.from({ length: 5 }, () => text(6, 'abcdefghijklmnoprstuvwy')).join(' '),
  'passwords with other letters': () => `pä${text(6)}ßwörd-${text(4)}é😀${text(4)}`,
  'database URLs': () => `postgresql://app:${text(16)}%40${text(3)}@db.internal.example:5432/app`,
  'connection strings': () => `Server=db;User Id=app;Password=${text(18)};Encrypt=true`,
  'JSON Web Tokens': () => `eyJhbGciOiJIUzI1NiJ9.${text(60)}.${text(43)}`,
  'private keys': () => pem(8),
  'service accounts': () =>
    JSON.stringify({
      type: 'service_account',
      private_key_id: text(40),
      private_key: pem(6),
      client_email: `${text(10)}@example.com`,
    }),
};

/** `[kind, value]`, the same in every run. */
export const VALUES = Object.entries(MAKERS).flatMap(([kind, make]) =>
  Array.from({ length: 8 }, () => [kind, make()]),
);
