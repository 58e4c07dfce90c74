/** The node host: serves a package's handlers to the sidecar beside it until SIGTERM. */

import { rmSync } from 'node:fs';
import type { Server as SocketServer } from 'node:net';
import { Server } from '@grpc/grpc-js';
import { guardAgainstCrashes } from './crash-guard';
import type { HostedPackage } from './node';
import { nodeService, nodeServiceOf } from './node-service';
import { listen, socketPath } from './socket';

/** How long invocations that run may take to finish after SIGTERM, in milliseconds. */
const GRACE_MS = 10_000;

/** An input of up to 64 MiB, with the values and names of two scopes. */
const MAX_MESSAGE_BYTES = 68 * 1024 * 1024;

/** The sidecar bounds what it takes. */
const UNLIMITED = -1;

/** How many calls one connection may have open; the sidecar waits where it has more. */
const MAX_CALLS = 4096;

/** Starts serving. The process ends with 0 after SIGTERM or SIGINT, and with 1 where it cannot listen. */
export async function serve(hosted: HostedPackage): Promise<void> {
  guardAgainstCrashes(hosted.root);
  const server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': UNLIMITED,
    'grpc.max_concurrent_streams': MAX_CALLS,
  });
  server.addService(nodeService, nodeServiceOf(hosted));
  const path = socketPath();
  try {
    const sockets = await listen(server, path);
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.once(signal, () => stop(server, sockets, path));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(1);
  }
  process.stderr.write(`${hosted.name} ${hosted.version} listens on ${path}\n`);
}

/** Takes no new calls, lets those that run finish, and ends. */
function stop(server: Server, sockets: SocketServer, path: string): void {
  const end = (): void => {
    rmSync(path, { force: true });
    process.exit(0);
  };
  // Once every connection has closed: from Node 24 on gRPC says that it has shut down while calls still run.
  sockets.close(end);
  server.tryShutdown(() => undefined);
  setTimeout(() => {
    server.forceShutdown();
    end();
  }, GRACE_MS);
}
