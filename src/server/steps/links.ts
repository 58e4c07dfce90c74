/** The parent connects every worker with the first, which writes for all of them: each is handed an end of a socket pair. */

import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { socketPair } from './socket-pair';

/** From parent to worker, with a socket: at its other end is the one that writes, or one that asks it. */
export interface LinkMessage {
  readonly link: number;
  readonly to: 'writer' | 'asker';
}

/** From worker to parent: the socket of that number is here. */
export interface LinkedMessage {
  readonly linked: number;
}

const WRITER = 0;

export class StepLinks {
  readonly #workers = new Map<number, ChildProcess>();
  #handed = 0;

  constructor(private readonly logger: Logger) {}

  /** The worker takes connections from now on, until it exits. */
  serve(number: number, child: ChildProcess): void {
    this.#workers.set(number, child);
    child.once('exit', () => {
      if (this.#workers.get(number) === child) this.#workers.delete(number);
    });
    const writer = this.#workers.get(WRITER);
    if (writer === undefined) return;
    const askers = number === WRITER ? [...this.#workers.values()].filter((one) => one !== writer) : [child];
    for (const asker of askers)
      this.#connect(writer, asker).catch(() =>
        this.logger.warn('workers could not be connected; each writes by itself'),
      );
  }

  async #connect(writer: ChildProcess, asker: ChildProcess): Promise<void> {
    const [one, other] = await socketPair();
    hand(writer, { link: this.#handed++, to: 'asker' }, one);
    hand(asker, { link: this.#handed++, to: 'writer' }, other);
  }
}

/** Where the worker is gone, the other one sees its end close. */
function hand(child: ChildProcess, message: LinkMessage, socket: Socket): void {
  const close = (): void => {
    child.off('exit', close).off('message', taken);
    socket.destroy();
  };
  const taken = ({ linked }: Partial<LinkedMessage>): void => {
    if (linked === message.link) close();
  };
  if (!child.connected) return close();
  child.on('exit', close).on('message', taken);
  // Node would keep what it has sent to a process that is gone.
  child.send(message, socket, { keepOpen: true }, (error) => {
    if (error !== null) close();
  });
}
