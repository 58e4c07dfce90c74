// `npm run bench`: every bench/*.bench.mjs in turn, or those whose names are given. Figures on stdout, at the end the
// goals and whether they are met.
//
//     npm run bench -- --json FILE [name …]     keeps every figure and what was printed

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { goalTable } from '../bench/goals.mjs';
import { ensureBuilt, ensureInstalled, root } from './setup.mjs';

const { values: flags, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' } },
});
await ensureInstalled();
await ensureBuilt();
const folder = mkdtempSync(join(tmpdir(), 'axiom-bench-'));
const figuresFile = join(folder, 'figures');
const env = { ...process.env, AXIOM_BENCH_FIGURES: figuresFile };
const runs = [];
for (const file of readdirSync(join(root, 'bench')).filter((name) => name.endsWith('.bench.mjs'))) {
  if (wanted.length > 0 && !wanted.some((name) => file.startsWith(name))) continue;
  const begun = performance.now();
  const stdio = ['inherit', flags.json === undefined ? 'inherit' : 'pipe', 'inherit'];
  const run = spawnSync(process.execPath, [join(root, 'bench', file)], { stdio, env, encoding: 'utf8' });
  const seconds = Math.round((performance.now() - begun) / 1_000);
  if (run.stdout) process.stdout.write(run.stdout);
  console.log(`(${file}: ${seconds} s)\n`);
  runs.push({
    bench: file.replace('.bench.mjs', ''),
    seconds,
    exitCode: run.status,
    printed: run.stdout ?? '',
  });
}
const figures = existsSync(figuresFile)
  ? readFileSync(figuresFile, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  : [];
rmSync(folder, { recursive: true, force: true });
const machine = { node: process.version, processors: cpus().length, model: cpus()[0]?.model.trim() };
if (figures.length > 0)
  console.log(
    [`${machine.processors} × ${machine.model}, Node ${machine.node}`, ...goalTable(figures)].join('\n'),
  );
if (flags.json !== undefined) {
  const all = { date: new Date().toISOString(), machine, figures, runs };
  writeFileSync(flags.json, `${JSON.stringify(all, undefined, 2)}\n`);
}
process.exit(runs.every(({ exitCode }) => exitCode === 0) ? 0 : 1);
