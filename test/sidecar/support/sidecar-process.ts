/** `axiom sidecar` as a process of its own, with certificates and an execution server of the test's. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { AXIOM_MAIN } from '../../support/serve-process';
import type { TestPki } from './pki';

export interface SidecarProcess {
  readonly pid: number;
  /** Where engines call. */
  readonly address: string;
  stop(): Promise<void>;
}

export async function startSidecarProcess(
  pki: TestPki,
  executionAddress: string,
  nodeSocket: string,
): Promise<SidecarProcess> {
  const args = [
    ...['--data-dir', pki.folder, '--execution-address', executionAddress, '--node-socket', nodeSocket],
    ...['--listen', '127.0.0.1:0', '--drain-timeout', '1', '--log-level', 'error', '--json'],
  ];
  const child = spawn(process.execPath, [AXIOM_MAIN, 'sidecar', ...args], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { sidecar } = JSON.parse(line) as { sidecar: { address: string } };
  return {
    pid: child.pid!,
    address: sidecar.address,
    async stop() {
      child.kill();
      await ended;
    },
  };
}
