// Lines that hold no value, a million of them: what services log, and the repository's own text.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generator } from './values.mjs';

const random = generator(11);
const pick = (list) => list[Math.floor(random() * list.length)];
const number = (most) => Math.floor(random() * most);
const hex = (length) => Array.from({ length }, () => '0123456789abcdef'[number(16)]).join('');
const letters = (length) =>
  Array.from(
    { length },
    () => 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'[number(64)],
  ).join('');
const WORDS =
  'request user cache token password secret login database connection retry timeout server client key value order item payment invoice account session worker queue message handler'.split(
    ' ',
  );
const words = (count) => Array.from({ length: count }, () => pick(WORDS)).join(' ');

const LINES = [
  () =>
    `GET /v1/${pick(WORDS)}s/${number(1e6)}?page=${number(50)}&q=${encodeURIComponent(words(2))} 200 ${number(900)}ms`,
  () =>
    JSON.stringify({
      level: 'info',
      time: 1.7e12 + number(1e9),
      trace: hex(32),
      msg: words(5),
      n: number(1e5),
    }),
  () => `${words(4)}: id=${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)} digest=sha256:${hex(64)}`,
  () => `cannot connect to db.internal.example:5432: connection refused (${words(3)})`,
  () => `body ${letters(40 + number(200))}==`,
  () => `bytes [${Array.from({ length: 16 }, () => number(256)).join(', ')}] of ${number(1e4)}`,
  () => `    at ${pick(WORDS)} (/app/src/${pick(WORDS)}/${pick(WORDS)}.js:${number(500)}:${number(80)})`,
  () => `{"type": "service_account", "private_key_id": "", "client_email": "${pick(WORDS)}@example.com"}`,
  () => `Server=db;User Id=app;Encrypt=true; ${words(3)}`,
  () => '-----BEGIN CERTIFICATE-----',
  () => '-----BEGIN PRIVATE KEY-----',
  () => `0000${hex(4)}  ${Array.from({ length: 16 }, () => hex(2)).join(' ')}  |................|`,
  () => `user=${pick(WORDS)} note="${words(6)} \\u00e9\\n" &lt;${pick(WORDS)}&gt; %20${pick(WORDS)}`,
  () => words(12),
];

/** @param root the repository. */
export function benignLines(root, count) {
  const own = ['docs', 'src/domain', 'src/store', 'src/cli'].flatMap((folder) =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .flatMap((entry) => readFileSync(join(root, folder, entry.name), 'utf8').split('\n')),
  );
  return Array.from({ length: count }, (_, i) => (i % 8 === 0 ? own[(i / 8) % own.length] : pick(LINES)()));
}
