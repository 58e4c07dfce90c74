/** What a process holds in memory, in MiB. */

import { readFileSync } from 'node:fs';

/** Now. */
export const residentMiB = (pid: number): number => mibOf(pid, 'VmRSS');

/** The most that it has held at once since it started. */
export const peakMiB = (pid: number): number => mibOf(pid, 'VmHWM');

function mibOf(pid: number, field: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024;
}
