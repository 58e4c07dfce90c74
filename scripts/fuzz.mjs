// Bounded fuzzing of what reads untrusted text: `npm run fuzz [-- --seconds 30 --seed 1 manifest validate]`.
// A seed alone gives its input again (--seconds 0 runs none; one run takes --seconds 0.001). A new target is one more entry in TARGETS.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureBuilt, ensureInstalled } from './setup.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(join(root, 'package.json'));
const corpus = join(root, 'test', 'testdata', 'validate');

/** Longest time that one input may take, in milliseconds: far above what any needs, so only a hang exceeds it. */
const HANG = 20_000;

const files = readdirSync(corpus, { recursive: true })
  .map((name) => join(corpus, String(name)))
  .filter((path) => statSync(path).isFile());
const texts = (extension) =>
  files.filter((path) => path.endsWith(extension)).map((path) => readFileSync(path, 'utf8'));

const LANGUAGES = { python: '.py', go: '.go', typescript: '.ts', rust: '.rs', java: '.java', csharp: '.cs' };

/** Each target: the texts to start from, and what must not throw on any mutation of them. */
const TARGETS = {
  manifest: () => {
    const { parseManifest } = require('./dist/manifest/parse.js');
    const { addRequiredSecrets } = require('./dist/manifest/edit.js');
    return {
      seeds: texts('axiom.yaml'),
      run: (text) => {
        parseManifest(text);
        addRequiredSecrets(text, new Map([['Greet', ['ADDED_NAME']]]));
      },
    };
  },
  ...Object.fromEntries(
    Object.entries(LANGUAGES).map(([language, extension]) => [
      `validate-${language}`,
      () => {
        const { parseManifest } = require('./dist/manifest/parse.js');
        const { validateSources } = require('./dist/validate/validate.js');
        const node = 'nodes: [{name: Greet, input: A, output: B}]';
        const manifest = `name: a/b\nversion: 1.0.0\nlanguage: ${language}\n${node}\n`;
        const parsed = parseManifest(manifest);
        return {
          seeds: texts(extension),
          run: (text) => {
            const file = { path: `nodes/greet${extension}`, text, suspect: false };
            return validateSources(manifest, parsed, { files: [file], skipped: [] });
          },
        };
      },
    ]),
  ),
};

/** mulberry32: small, seeded, good enough to pick places. */
function random(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % Math.max(below, 1);
  };
}

const TOKENS = [
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  '`',
  '\n',
  '\t',
  '\0',
  '\\',
  '#',
  '//',
  '/*',
  '*/',
  '"""',
  '${',
  'f"',
  ':',
  ',',
  '&',
  '*',
  '!',
  '<',
  '=>',
  'ax',
  '.secrets',
  '.Secrets()',
  '.get("X")',
  'await ',
  'return ',
  '&a',
  '*a',
  '<<: ',
  '- ',
  '\u{1f600}',
  '\ud800',
  '\ufeff',
];

/** A few random edits: cut, repeat, insert, or a piece of another seed. */
function mutate(text, seeds, pick) {
  let mutated = text;
  for (let edits = 1 + pick(8); edits > 0; edits--) {
    const at = pick(mutated.length + 1);
    const end = Math.min(mutated.length, at + pick(60));
    const other = seeds[pick(seeds.length)] ?? '';
    const start = pick(other.length + 1);
    const pieces = [
      '',
      mutated.slice(at, end).repeat(1 + pick(pick(20) === 0 ? 2000 : 4)),
      TOKENS[pick(TOKENS.length)].repeat(1 + pick(pick(20) === 0 ? 5000 : 3)),
      other.slice(start, start + pick(200)),
    ];
    mutated = mutated.slice(0, at) + pieces[pick(pieces.length)] + mutated.slice(end);
  }
  return mutated;
}

async function fuzz(name, seconds, seed) {
  const { seeds, run } = TARGETS[name]();
  const end = performance.now() + seconds * 1000;
  let runs = 0;
  let slowest = { ms: 0, seed, length: 0 };
  for (; performance.now() < end && slowest.ms <= HANG; runs++) {
    const text = mutate(seeds[runs % seeds.length] ?? '', seeds, random(seed + runs));
    const start = performance.now();
    try {
      await run(text);
    } catch (error) {
      console.error(`${name}: seed ${seed + runs} throws`, error);
      return false;
    }
    const took = performance.now() - start;
    if (took > slowest.ms) slowest = { ms: took, seed: seed + runs, length: text.length };
  }
  const worst = `${Math.round(slowest.ms)} ms for ${slowest.length} characters (seed ${slowest.seed})`;
  console.log(`${name}: ${runs} inputs from seed ${seed}, slowest ${worst}`);
  if (slowest.ms > HANG) console.error(`${name}: that is a hang`);
  return slowest.ms <= HANG;
}

await ensureInstalled();
await ensureBuilt();
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '5' },
    seed: { type: 'string', default: String(Date.now() % 1e9) },
  },
});
const chosen = Object.keys(TARGETS).filter(
  (name) => positionals.length === 0 || positionals.some((wanted) => name.includes(wanted)),
);
let fine = chosen.length > 0;
if (!fine) console.error(`no such target; there are ${Object.keys(TARGETS).join(', ')}`);
for (const name of chosen) fine = (await fuzz(name, Number(values.seconds), Number(values.seed))) && fine;
process.exitCode = fine ? 0 : 1;
