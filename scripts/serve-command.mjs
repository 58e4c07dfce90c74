// `axiom serve` as scripts and benches start it: on free ports, telling in one line of JSON where it is.

import { join } from 'node:path';
import { root } from './setup.mjs';

/** Arguments for Node. */
export function serveCommand(dataDir, logLevel) {
  const free = ['--management-address', '--execution-address', '--console-address'].flatMap((flag) => [
    flag,
    '127.0.0.1:0',
  ]);
  const main = join(root, 'dist', 'cli', 'main.js');
  return [main, 'serve', '--data-dir', dataDir, '--json', '--log-level', logLevel, ...free];
}
