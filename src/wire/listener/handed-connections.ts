/** Connections that another process accepts and hands to this one. */

import type { Socket } from 'node:net';

export interface HandedConnections {
  /** Where the other process listens, as clients dial it. */
  readonly address: string;
  /** From now on the callback gets every connection, nothing of which has been read. */
  begin(onConnection: (socket: Socket) => void): void;
  /** What is handed over after this is closed. */
  end(): void;
}
