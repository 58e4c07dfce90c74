/** `axiom serve` as a real process on free ports, for tests of what only processes show. */

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ServiceInfo } from '../../src/server/service';

export const AXIOM_MAIN = join(__dirname, '..', '..', 'dist', 'cli', 'main.js');

/** Flags that put every door on a free port. */
export const FREE_PORTS = ['--management-address', '--execution-address', '--console-address'].flatMap(
  (flag) => [flag, '127.0.0.1:0'],
);

export interface ServeProcess {
  readonly child: ChildProcess;
  readonly info: ServiceInfo;
  /** Everything on its stderr so far. */
  log(): string;
  /** Stops it and removes the folder if this process made it. @returns the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** What a test asks of the process besides. */
export interface ServeExtras {
  readonly flags?: readonly string[];
  /** How many files and sockets each of its processes may have open. */
  readonly openFiles?: number;
}

export async function startServeProcess(
  folder?: string,
  env: NodeJS.ProcessEnv = process.env,
  main: string = AXIOM_MAIN,
  { flags = [], openFiles }: ServeExtras = {},
): Promise<ServeProcess> {
  const dataDir = folder ?? mkdtempSync(join(tmpdir(), 'axiom-serve-'));
  const args = [
    main,
    'serve',
    '--data-dir',
    dataDir,
    '--json',
    '--log-level',
    'trace',
    ...FREE_PORTS,
    ...flags,
  ];
  const [program, ...argv] =
    openFiles === undefined
      ? [process.execPath, ...args]
      : ['bash', '-c', `ulimit -n ${openFiles} && exec "$0" "$@"`, process.execPath, ...args];
  const child = spawn(program, argv, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    // Whatever it said has been read by then.
    child.once('close', (code) => reject(new Error(`axiom serve ended with exit code ${code}: ${log}`)));
  });
  return {
    child,
    info: JSON.parse(line) as ServiceInfo,
    log: () => log,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) {
        await new Promise((resolve) => {
          child.once('exit', resolve);
          child.kill(signal);
        });
      }
      if (folder === undefined) rmSync(dataDir, { recursive: true, force: true });
      return child.exitCode;
    },
  };
}

/** On a new folder, with flags of the test's. */
export function startServeWith(extras: ServeExtras): Promise<ServeProcess> {
  return startServeProcess(undefined, process.env, AXIOM_MAIN, extras);
}
