/**
 * Takes over a data folder in which both halves shared `keys/` and `tls/`: every file is moved to its half.
 *
 * Each step looks whether it is done, so a start that was killed half-way goes on.
 */

import { existsSync, readFileSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { syncToDisk, writePrivateFile } from '../files/whole-file';
import { isAnswering } from '../wire/private-socket';
import type { DataDir } from './data-dir';

interface Step {
  readonly from: string;
  readonly to: string;
  /** Gets a copy before the file is moved. */
  readonly copy?: string;
}

/** Where files of the former layout are and belong. */
function stepsOf(dir: DataDir): readonly Step[] {
  const at = (...parts: string[]) => join(dir.root, ...parts);
  const { management, execution, ca, workloads, store } = dir;
  const pair = (name: string, to: { certificate: string; key: string }): Step[] => [
    { from: at('tls', `${name}.key`), to: to.key },
    { from: at('tls', `${name}.crt`), to: to.certificate },
  ];
  return [
    { from: at('keys', 'kek.tink'), to: execution.kek },
    {
      from: at('keys', 'verifying-keyset.tink'),
      to: management.verifyingKeyset,
      copy: execution.verifyingKeyset,
    },
    ...pair('ca', ca),
    ...pair('engine', workloads.pair('engine')),
    ...pair('sidecar', workloads.pair('sidecar')),
    { from: at('tls', 'server.key'), to: management.tls.key, copy: execution.tls.key },
    { from: at('tls', 'server.crt'), to: management.tls.certificate, copy: execution.tls.certificate },
    // The log before its database: nothing opens one without the other.
    ...['-wal', '-shm', '-ballast', ''].map((end) => ({
      from: at(`store.sqlite${end}`),
      to: `${store}${end}`,
    })),
  ];
}

/** Whether anything still lies where the former layout had it. */
export function isFormerLayout(dir: DataDir): boolean {
  return stepsOf(dir).some(({ from }) => existsSync(from));
}

/** @throws Error where a file is in both places, or a service of the former version still runs. */
export async function takeOverFormerLayout(dir: DataDir): Promise<void> {
  const formerSocket = join(dir.root, 'operator.sock');
  if (await isAnswering(formerSocket))
    throw new Error(`the service of a former version still runs in ${dir.root}; stop it first`);
  for (const { from, to, copy } of stepsOf(dir)) {
    if (!existsSync(from)) continue;
    if (existsSync(to))
      throw new Error(`${from} and ${to} are the same file of two versions; move the wrong one away`);
    if (copy !== undefined) writePrivateFile(copy, readFileSync(from));
    renameSync(from, to);
    syncToDisk(dirname(to));
  }
  rmSync(formerSocket, { force: true });
  for (const folder of ['keys', 'tls'].map((name) => join(dir.root, name)))
    if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
  syncToDisk(dir.root);
}
