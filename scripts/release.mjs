// `npm run release -- 0.3.0`: one commit and one tag with the version, the changelog and the contract's image,
// after the package was packed, installed elsewhere and used. Publishes nothing.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import semver from 'semver';
import { released } from './changelog.mjs';
import { checkContract, lastRelease, writeContract } from './contract.mjs';
import { ensureBuilt, ensureInstalled, root, run } from './setup.mjs';

const version = process.argv[2] ?? '';
const current = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
if (semver.valid(version) === null || !semver.gt(version, current)) {
  fail(`give a version after ${current}: npm run release -- ${semver.inc(current, 'minor')}`);
}
const { stdout } = spawnSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' });
if (stdout !== '') fail('the working tree has changes; commit them first');

await ensureInstalled();
await ensureBuilt();
// Before 1.0.0 a minor version may break the contract; its changelog says so.
if (semver.major(current) > 0 && semver.major(version) === semver.major(current)) checkContract();
const changelog = join(root, 'CHANGELOG.md');
writeFileSync(
  changelog,
  released(readFileSync(changelog, 'utf8'), version, new Date().toISOString().slice(0, 10)),
);
run('npm', ['version', version, '--no-git-tag-version']);
writeContract(lastRelease);
run(process.execPath, [join(root, 'node_modules', 'jest', 'bin', 'jest.js'), 'test/cli/installed']);
run('git', ['add', '--all']);
run('git', ['commit', '--quiet', '--message', `Release ${version}`]);
run('git', ['tag', '--annotate', `v${version}`, '--message', `Release ${version}`]);
console.error(`released ${version}: push main and v${version}, then npm publish`);

function fail(reason) {
  console.error(reason);
  process.exit(1);
}
