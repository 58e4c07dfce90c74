/** What a process of ours holds (values, keys) is in its memory: no signal opens that, and no dump at a crash has it. */

import { writeFileSync } from 'node:fs';

export function closeMemory(): void {
  // Node opens its inspector at this signal, to whoever may send it and then to everybody on the machine: it runs what it
  // is told to. A handler keeps it from that; --disable-sigusr1 is a flag that only those have who start Node themselves.
  process.on('SIGUSR1', () => undefined);
  try {
    // Also of what this process starts. The limit alone does not hold where the system pipes dumps to a program (core(5)).
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch {
    // Not Linux, or not ours to say: the limit, where there is one, is what remains.
  }
}
