/** One of several processes that serve the execution door: its place among them, and its part of what is limited. */

import type { Socket } from 'node:net';
import type { HandedConnections } from '../wire/listener/handed-connections';
import type { DoorLimits, ServiceConfig } from './config';
import { MAX_REQUEST_BYTES } from './request-size';
import type { LinkedMessage, LinkMessage } from './steps/links';

/** Of a process that serves a door together with others. */
export interface WorkerPlace {
  /** From 0. The first one also does what is to be done once: the operator's door, sweeping, checkpoints. */
  readonly number: number;
  /** Where the parent accepts. */
  readonly address: string;
}

/** From parent to worker, with a socket: a connection that was accepted. */
export interface HandedMessage {
  readonly connection: number;
}

/** From worker to parent: a connection that it was handed is here. */
export interface TakenMessage {
  readonly taken: number;
}

/** From worker to parent: a connection that it was handed has ended. */
export interface ClosedMessage {
  readonly closed: number;
}

/** A worker's connections, which come over its IPC channel. To be called before the parent is told that it serves. */
export function handedByParent(address: string): HandedConnections {
  let take: ((socket: Socket) => void) | undefined;
  process.on('message', (message: Partial<HandedMessage>, socket: Socket | undefined) => {
    const { connection } = message;
    if (connection === undefined) return;
    const tell = (message: TakenMessage | ClosedMessage): void => {
      if (process.connected) process.send?.(message);
    };
    tell({ taken: connection });
    const closed = (): void => tell({ closed: connection });
    // Without a socket the client was gone before.
    if (socket === undefined) return closed();
    socket.once('close', closed);
    if (take === undefined) socket.destroy();
    else take(socket);
  });
  return {
    address,
    begin: (onConnection) => (take = onConnection),
    end: () => (take = undefined),
  };
}

/**
 * The listener is given each connection with another worker, and what that one is to this one. To be called before the
 * parent is told that it serves.
 */
export function onLink(listener: (to: LinkMessage['to'], socket: Socket) => void): void {
  process.on('message', ({ link, to }: Partial<LinkMessage>, socket: Socket | undefined) => {
    if (link === undefined || to === undefined) return;
    if (process.connected) process.send?.({ linked: link } satisfies LinkedMessage);
    // Without a socket the other one was gone before.
    if (socket !== undefined) listener(to, socket);
  });
}

/** However many workers there are, each takes the largest requests of a workload, and one while it answers another. */
const LEAST_BYTES = 2 * MAX_REQUEST_BYTES;

/**
 * One worker's part of the limits of a door: all parts together are what was set, and none is less than one, or than what
 * bytes it takes to be of use.
 */
export function shareOfLimits(
  { limits, workers }: Pick<ServiceConfig, 'limits' | 'workers'>,
  { number }: WorkerPlace,
): DoorLimits {
  const part = (whole: number): number =>
    Math.max(1, Math.floor(whole / workers) + (number < whole % workers ? 1 : 0));
  const { listener, calls } = limits;
  const partOfBytes = (whole: number): number => Math.max(part(whole), Math.min(whole, LEAST_BYTES));
  const { underWay, perSecond, bytes } = calls.workloads;
  return {
    ...limits,
    listener: {
      ...listener,
      connections: part(listener.connections),
      connectionsPerAddress: part(listener.connectionsPerAddress),
    },
    // No member calls the execution door.
    calls: {
      ...calls,
      bytes: partOfBytes(calls.bytes),
      workloads: { underWay: part(underWay), perSecond: part(perSecond), bytes: partOfBytes(bytes) },
    },
  };
}
