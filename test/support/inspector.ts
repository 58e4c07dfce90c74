/** SIGUSR1, at which Node opens its inspector, and when to look whether a process did. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** What Node says that opens its inspector, or would where another process had not its port. */
export const INSPECTOR_OPENED = /Debugger listening|Starting inspector/;

/** Sends the signal to each process and then to a plain Node, and waits until that has opened its own. */
export async function signalInspector(pids: readonly (number | undefined)[]): Promise<void> {
  const plain = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1_000); console.log("runs")']);
  try {
    await once(plain.stdout, 'data');
    let said = '';
    plain.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    for (const pid of [...pids, plain.pid]) {
      if (pid === undefined) throw new Error('a process did not start');
      process.kill(pid, 'SIGUSR1');
    }
    while (!INSPECTOR_OPENED.test(said)) await once(plain.stderr, 'data');
  } finally {
    plain.kill('SIGKILL');
  }
}
