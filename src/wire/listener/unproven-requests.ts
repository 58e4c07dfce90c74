/**
 * How many requests of one address are open for which nobody has proved who calls: those on connections that have proved
 * nothing yet, and those that anybody may make (health, reflection). What it takes to hold one is little, and there are as
 * many of them as there are connections times the requests that each may have open.
 */

import type { Connection, RequestKind } from './connection';
import { sourceOf } from './source-address';

/** Whether nobody has proved who makes such a request; of a Unix socket its file's mode says who may connect. */
export function provesNothing({ address, isProven }: Connection, kind: RequestKind): boolean {
  return address !== '' && (!isProven || kind === 'watch');
}

/** Of one address. */
interface Open {
  count: number;
  /** How many each of its connections has, in the order in which the first of them came. */
  readonly byConnection: Map<Connection, number>;
}

export class UnprovenRequests {
  readonly #open = new Map<string, Open>();

  /** @param perAddress how many of one IPv4 address or IPv6 /64. */
  constructor(private readonly perAddress: number) {}

  /**
   * Where there are too many, another connection that has proved nothing makes room, the one that has asked for longest:
   * who asks and waits can then not keep others out.
   * @returns what is to be called when the request is over; undefined where nobody makes room.
   */
  begin(connection: Connection, kind: RequestKind): (() => void) | undefined {
    if (!provesNothing(connection, kind)) return nothing;
    const { address, untilProven } = connection;
    const source = sourceOf(address);
    const open = this.#open.get(source) ?? { count: 0, byConnection: new Map<Connection, number>() };
    if (open.count >= this.perAddress && !makeRoom(open, connection)) return undefined;
    this.#open.set(source, open);
    add(open, connection, 1);
    let isOver = false;
    const end = (): void => {
      untilProven.delete(end);
      // One that made room is counted no more.
      if (isOver || !open.byConnection.has(connection)) return;
      isOver = true;
      add(open, connection, -1);
      if (open.count === 0 && this.#open.get(source) === open) this.#open.delete(source);
    };
    if (kind !== 'watch') untilProven.add(end);
    return end;
  }
}

function add(open: Open, connection: Connection, count: number): void {
  const ofConnection = (open.byConnection.get(connection) ?? 0) + count;
  if (ofConnection === 0) open.byConnection.delete(connection);
  else open.byConnection.set(connection, ofConnection);
  open.count += count;
}

function makeRoom(open: Open, asking: Connection): boolean {
  for (const [connection, count] of open.byConnection) {
    if (connection === asking || connection.isProven) continue;
    add(open, connection, -count);
    connection.socket.destroy();
    return true;
  }
  return false;
}

function nothing(): void {}
