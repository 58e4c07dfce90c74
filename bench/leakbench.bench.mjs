// What of a value is left in a log after masking: values as people have them, in the forms in which six languages'
// own printers, loggers and errors write them, beside a million lines that hold none.
//
// Each form's text comes from a program of its language (leakbench/printers); a language whose toolchain is missing
// is named and left out. A text counts as masked when no more letters and digits are left than the form has around
// a value of one character, and 12 more: what a piece of a value that is not found may have.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benignLines } from './leakbench/benign.mjs';
import { VALUES } from './leakbench/values.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { ValueMasker } = createRequire(import.meta.url)('../dist/sidecar/masking/value-masker.js');
const BENIGN_LINES = 1_000_000;
const RECALL_GOAL = 0.995;
const OVER_MASKING_GOAL = 1;
const folder = mkdtempSync(join(tmpdir(), 'axiom-leakbench-'));
const printer = (name) => join(here, 'leakbench', 'printers', name);

/** By language: how it is built, how it is run, and how bytes are given to it and read back. */
const LANGUAGES = {
  python: { run: ['python3', printer('printer.py')] },
  typescript: { run: [process.execPath, printer('printer.mjs')] },
  go: {
    build: ['go', 'build', '-o', join(folder, 'printer-go'), printer('printer.go')],
    run: [join(folder, 'printer-go')],
  },
  java: { run: ['java', printer('Printer.java')] },
  rust: {
    build: ['rustc', '--edition', '2021', '-o', join(folder, 'printer-rust'), printer('printer.rs')],
    run: [join(folder, 'printer-rust')],
    encoding: 'hex',
  },
  csharp: { run: ['dotnet', 'run', printer('Printer.cs')] },
};

/** @returns for each value its texts as `[form, text]`; undefined where the toolchain is missing. */
function printed(language, values) {
  const { build, run, encoding = 'base64' } = LANGUAGES[language];
  const call = ([program, ...args], input) =>
    spawnSync(program, args, {
      input,
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
  if (build !== undefined && call(build).status !== 0) return undefined;
  const { status, stdout } = call(
    run,
    values.map((value) => `${Buffer.from(value).toString(encoding)}\n`).join(''),
  );
  if (status !== 0) return undefined;
  const texts = stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
  const forms = texts.length / values.length;
  return values.map((_, i) =>
    texts
      .slice(i * forms, (i + 1) * forms)
      .map(([, form, text]) => [form, Buffer.from(text, encoding).toString('utf8')]),
  );
}

const PARTIAL = /first|last/;
/** The first 20 characters of these say nothing that is secret. */
const PLAIN_BEGINNING = /^(Server=|\{"type")/;
const count = (text) =>
  text
    // A hex dump's offsets, of which a mask that begins there may take some digits.
    .replace(/^[0-9a-f]{1,8}(?=\[REDACTED\])|^[0-9a-f]{8}(?= |$)/gm, '')
    .replaceAll('[REDACTED]', '')
    .replace(/-----(BEGIN|END) PRIVATE K(EY-----)?/g, '')
    .match(/[\p{L}\p{N}]/gu)?.length ?? 0;

const left = new Map();
let masked = 0;
let all = 0;
for (const language of Object.keys(LANGUAGES)) {
  const texts = printed(language, ['~', ...VALUES.map(([, value]) => value)]);
  if (texts === undefined) {
    console.log(`leakbench: ${language.padEnd(12)} left out, its toolchain is not here`);
    continue;
  }
  const [around, ...byValue] = texts;
  let found = 0;
  let tried = 0;
  for (const [i, forms] of byValue.entries()) {
    const [kind, value] = VALUES[i];
    const masker = ValueMasker.of([Buffer.from(value)]);
    for (const [f, [form, text]] of forms.entries()) {
      // Out of reach by rule: a part of a value of fewer than 16 bytes.
      if (PARTIAL.test(form) && (Buffer.byteLength(value) < 16 || PLAIN_BEGINNING.test(value))) continue;
      tried++;
      if (count(masker.mask(text)) <= count(around[f][1]) + 12) found++;
      else left.set(`${language} ${form}, ${kind}`, (left.get(`${language} ${form}, ${kind}`) ?? 0) + 1);
    }
  }
  console.log(
    `leakbench: ${language.padEnd(12)} ${around.length} forms x ${VALUES.length} values, recall ${((found / tried) * 100).toFixed(2)} %`,
  );
  masked += found;
  all += tried;
}
rmSync(folder, { recursive: true });
for (const [what, times] of left) console.log(`  left: ${what} (${times})`);

const masker = ValueMasker.of(VALUES.map(([, value]) => Buffer.from(value)));
const lines = benignLines(join(here, '..'), BENIGN_LINES);
const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
const begin = process.cpuUsage();
const changed = lines.filter((line) => masker.mask(line) !== line);
const { user, system } = process.cpuUsage(begin);
for (const line of changed.slice(0, 10)) console.log(`  masked too much: ${masker.mask(line).slice(0, 120)}`);
console.log(
  `leakbench: recall ${((masked / all) * 100).toFixed(2)} % of ${all} texts (goal ${RECALL_GOAL * 100} %)`,
);
console.log(
  `leakbench: ${changed.length} of ${BENIGN_LINES} lines without a value masked (goal ${OVER_MASKING_GOAL})`,
);
console.log(`leakbench: ${(bytes / (user + system)).toFixed(0)} MB/s of this process's time, line by line`);
process.exitCode = masked / all >= RECALL_GOAL && changed.length <= OVER_MASKING_GOAL ? 0 : 1;
