/**
 * Reads a socket on later and later: one that brings what it says in pieces of a byte costs as much for each as for a whole
 * message, and nobody knows yet who that is.
 */

import type { Socket } from 'node:net';
import { readOn, stopReading } from './socket-reading';

/** An honest client's message comes in one piece or a few. */
const FIRST_REST_MS = 1;
const LONGEST_REST_MS = 256;

export class GrowingRests {
  #nextMs = FIRST_REST_MS;

  constructor(private readonly socket: Socket) {}

  /** A piece came, and is not all. */
  rest(): void {
    stopReading(this.socket, this);
    setTimeout(() => readOn(this.socket, this), this.#nextMs).unref();
    this.#nextMs = Math.min(2 * this.#nextMs, LONGEST_REST_MS);
  }
}
