/** Starts the TypeScript node host alone, for `npm run bench -- hostile`. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import { InvokeRequestSchema } from '../../src/gen/axiom/node/v1/node_pb';
import { nodeHostDoor, type Target } from './target';
import { grpcVictim, type Victim } from './victim';

export interface NodeHostProcess {
  readonly pid: number;
  /** Its socket, as whoever may open it sees it. */
  readonly door: Target;
  /** A sidecar that invokes a node. */
  sidecar(): Victim;
  stop(): Promise<void>;
}

export async function startNodeHost(): Promise<NodeHostProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'axiom-node-host-'));
  const socket = join(folder, 'node.sock');
  const register = join(__dirname, '..', 'support', 'register.cjs');
  const args = ['--require', register, join(__dirname, 'node-host-process.ts')];
  const env = { ...process.env, AXIOM_SOCKET: socket };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  // It says where it listens.
  await Promise.race([
    once(child.stderr, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error('the node host did not start'))),
  ]);
  child.stderr.resume();
  const door = nodeHostDoor(socket);
  const request = toBinary(
    InvokeRequestSchema,
    create(InvokeRequestSchema, { node: 'Echo', input: new Uint8Array(), context: { executionId: 'e' } }),
  );
  return {
    pid: child.pid as number,
    door,
    sidecar: () => grpcVictim(door, request),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill();
        await once(child, 'exit');
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
