// `npm run soak -- --minutes 10 [--seed 1]`: two services on one PostgreSQL database under faults, for longer than the
// tests do; prints how much was called, which faults there were, and every violation of what is promised.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt, ensureInstalled, root } from './setup.mjs';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string' } },
});
const minutes = Number(values.minutes);
if (!(minutes > 0)) {
  console.error('--minutes is a number above 0');
  process.exit(2);
}
await ensureInstalled();
await ensureBuilt();
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const { status } = spawnSync(process.execPath, [jest, 'test/faults/soak.test.ts'], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
  env: {
    ...process.env,
    AXIOM_SOAK_MINUTES: String(minutes),
    ...(values.seed !== undefined && { AXIOM_SOAK_SEED: values.seed }),
  },
});
process.exit(status ?? 1);
