/** Stops a gRPC server: lets calls under way finish, but not for ever. */

import type { Server } from '@grpc/grpc-js';
import { DRAIN_MS } from './config';

export function stopGrpc(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.forceShutdown(), DRAIN_MS);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
