// `npm run lint`: the contract and what the last release promised of it, the arrows between rooms, the
// sources' types, style and format, and that generated code is current.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { checkContract } from './contract.mjs';
import { ensureInstalled, root, run, start, tool } from './setup.mjs';

await ensureInstalled();
// It takes as long as all that follows, and a second core has nothing else to do.
const eslint = start([tool('eslint'), '--max-warnings', '0', 'src', 'test', 'scripts', 'bench']);
run(tool('buf'), ['lint']);
checkContract();
checkGenerated();
run(process.execPath, [tool('depcruise'), '--config', '.dependency-cruiser.cjs', 'src']);
// The browser app has a tsconfig of its own: the bundler checks no types.
run(process.execPath, [tool('tsc'), '-p', 'src/console']);
// jest strips the tests' types without looking at them.
run(process.execPath, [tool('tsc'), '-p', 'test']);
run(process.execPath, [tool('prettier'), '--check', '--log-level', 'warn', '.']);
const status = await eslint;
if (status !== 0) process.exit(status);
console.error('lint: clean');

/** src/gen must be what `npm run generate` makes of proto/. */
function checkGenerated() {
  const folder = mkdtempSync(join(tmpdir(), 'axiom-gen-'));
  try {
    const template = join(folder, 'buf.gen.yaml');
    writeFileSync(
      template,
      readFileSync(join(root, 'buf.gen.yaml'), 'utf8').replace('out: src/gen', `out: ${join(folder, 'gen')}`),
    );
    // protoc-gen-es is found on the PATH that npm scripts have.
    const env = { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH}` };
    run(tool('buf'), ['generate', '--template', template], { env });
    const { status, stdout } = spawnSync('diff', ['-r', join(root, 'src', 'gen'), join(folder, 'gen')], {
      encoding: 'utf8',
    });
    if (status !== 0) {
      console.error(`src/gen is not what proto/ generates; run: npm run generate\n${stdout.slice(0, 2_000)}`);
      process.exit(1);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
