// `npm run bench`: every bench/*.bench.mjs in turn, or those whose names are given. Figures on stdout.

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root } from './setup.mjs';

ensureInstalled();
ensureBuilt();
const wanted = process.argv.slice(2);
const benches = readdirSync(join(root, 'bench')).filter((name) => name.endsWith('.bench.mjs'));
let failed = false;
for (const bench of benches) {
  if (wanted.length > 0 && !wanted.some((name) => bench.startsWith(name))) continue;
  const { status } = spawnSync(process.execPath, [join(root, 'bench', bench)], { stdio: 'inherit' });
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
