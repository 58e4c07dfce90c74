/** `axiom sidecar` as a process. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { INSPECTOR_OPENED, signalInspector } from '../support/inspector';
import { AXIOM_MAIN, startServeProcess, type ServeProcess } from '../support/serve-process';
import { Shell } from './axiom';

let serve: ServeProcess;
let shell: Shell;

beforeAll(async () => {
  serve = await startServeProcess();
  shell = new Shell({ AXIOM_DATA_DIR: serve.info.dataDir });
});

afterAll(async () => {
  shell.remove();
  await serve.stop();
});

describe('A sidecar that waits for its node host says so, and', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'opens its memory to nobody, and ends with 0 on %s',
    async (signal) => {
      const socket = shell.path(`${signal}.sock`);
      const silentHost = createServer().listen(socket);
      const args = ['sidecar', '--listen', '127.0.0.1:0', '--node-socket', socket];
      const child = spawn(process.execPath, [AXIOM_MAIN, ...args], { env: shell.env });
      let log = '';
      child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
      try {
        const [connection] = (await once(silentHost, 'connection')) as [Socket];
        expect(readFileSync(`/proc/${child.pid}/coredump_filter`, 'utf8').trim()).toBe('00000000');
        await signalInspector([child.pid]);
        child.kill(signal);
        const [code] = (await once(child, 'close')) as [number];
        connection.destroy();
        expect(code).toBe(0);
        expect(log).not.toMatch(INSPECTOR_OPENED);
        expect(log).toContain(`"socket":"${socket}","msg":"waiting for the node host"`);
      } finally {
        child.kill('SIGKILL');
        silentHost.close();
      }
    },
  );
});
