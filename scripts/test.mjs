// `npm test`: set-up, build, lint and every suite, on a fresh clone as it is.
// `npm test -- test/store` runs some suites only, without lint.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root, start } from './setup.mjs';

/**
 * The percentage of each room's lines that must be covered. Of the server, the command line and the sidecar much runs
 * in processes of its own, whose lines are not counted.
 */
const COVERED_PERCENT = {
  domain: 95,
  crypto: 95,
  store: 95,
  management: 95,
  execution: 95,
  wire: 95,
  sidecar: 94,
  server: 82,
  validate: 97,
  sdkgen: 95,
  cli: 40,
};

const only = process.argv.slice(2);
await ensureInstalled();
// What lint looks at is not what a build makes, and a compiler leaves a core idle.
const lint = only.length === 0 && start([join(root, 'scripts', 'lint.mjs')]);
await ensureBuilt();
const lintStatus = await lint;
if (lintStatus) process.exit(lintStatus);

const folder = mkdtempSync(join(tmpdir(), 'axiom-test-'));
const results = join(folder, 'results.json');
const jest = [join(root, 'node_modules', 'jest', 'bin', 'jest.js'), '--json', `--outputFile=${results}`];
const coverage = only.length === 0 ? ['--coverage', `--coverageDirectory=${join(folder, 'coverage')}`] : [];
const { status } = spawnSync(process.execPath, [...jest, ...coverage, ...only], {
  cwd: root,
  // jest writes its report to stderr and, with --json, the same as JSON to stdout.
  stdio: ['ignore', 'ignore', 'inherit'],
});
const covered = only.length > 0 || reportCoverage();
const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(results, 'utf8'));
rmSync(folder, { recursive: true, force: true });
console.log(`tests: ${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
process.exit(status === 0 && !covered ? 1 : (status ?? 1));

/** Prints each room's line coverage. @returns whether all reach what they must. */
function reportCoverage() {
  const files = Object.entries(
    JSON.parse(readFileSync(join(folder, 'coverage', 'coverage-summary.json'), 'utf8')),
  );
  let enough = true;
  for (const [room, floor] of Object.entries(COVERED_PERCENT)) {
    const lines = files
      .filter(([path]) => path.includes(join('src', room) + '/'))
      .map(([, summary]) => summary.lines);
    const sum = (key) => lines.reduce((total, one) => total + one[key], 0);
    const percent = (100 * sum('covered')) / sum('total');
    console.log(`coverage of src/${room}: ${percent.toFixed(1)} % of ${sum('total')} lines`);
    if (percent < floor) {
      console.log(`  below ${floor} %`);
      enough = false;
    }
  }
  return enough;
}
