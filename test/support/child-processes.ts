/** The processes that a process has started, and whether they run. */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export function childrenOf(parent: number): string[] {
  return spawnSync('ps', ['-o', 'pid=', '--ppid', String(parent)], { encoding: 'utf8' })
    .stdout.split('\n')
    .map((pid) => pid.trim())
    .filter((pid) => pid !== '');
}

/** Resolves when none of them runs. */
export async function allEnded(pids: readonly string[]): Promise<void> {
  while (pids.some(isRunning)) await sleep(50);
}

/** One that has ended may still be listed, until whoever took it over asks for its exit code. */
export function isRunning(pid: string | number): boolean {
  try {
    // proc(5): the state follows the name, which is in parentheses.
    return !/\) [ZX] [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
