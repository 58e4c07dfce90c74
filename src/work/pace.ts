/** Long work in short slices: after each, everything else that waits has its turn. */

import { throwIfGone, type Waiter } from '../domain/waiter';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

/** What a slice may take: a call waits behind the one that runs when it comes. */
const SLICE_MS = 1;

/**
 * So many turns of the event loop a slice waits while short calls are under way: most of those take fewer. Where they
 * never end, one turn in so many is still a slice's.
 */
const TURNS_GIVEN = 16;

/** The same of work that others do not wait behind in each turn: that nobody waits for, or that holds a lock. */
const PACED_SLICE_MS = 4;

/** To be awaited between the steps of one piece of work. */
export type Pause = () => Promise<void>;

/** Pieces of work that wait for their next slice. */
const waiting: (() => void)[] = [];

/** Calls that are under way and not worked on in slices: what they still take is little. */
let short = 0;

/** Whether this turn of the event loop has brought one such call, and the turns before it left none. */
export function isOneCallUnderWay(): boolean {
  return short === 1;
}

let turnsGiven = 0;

/** A call that is under way, from its first byte to its last. Slices wait for it, unless they are its own. */
export class CallUnderWay {
  #isOver = false;
  #isSliced = false;

  constructor() {
    short++;
  }

  /** Does what may take slices. */
  async inSlices<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#isOver) short--;
    this.#isSliced = true;
    try {
      return await work();
    } finally {
      this.#isSliced = false;
      if (!this.#isOver) short++;
    }
  }

  over(): void {
    if (!this.#isOver && !this.#isSliced) short--;
    this.#isOver = true;
  }
}

/**
 * For work that somebody waits for: it goes on as soon as the others had their turn. However many pieces there are,
 * one turn of the event loop is given to one of them, and for a while none where short calls are under way: such a call
 * waits behind one slice, and not behind one in each turn that it takes.
 */
export function sliced(): Pause {
  return pausing(
    SLICE_MS,
    () =>
      new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 1) setImmediate(giveTurn);
      }),
  );
}

function giveTurn(): void {
  if (short > 0 && turnsGiven < TURNS_GIVEN) turnsGiven++;
  else {
    turnsGiven = 0;
    waiting.shift()?.();
  }
  if (waiting.length > 0) setImmediate(giveTurn);
}

/** For work that others wait for as well, as the holder of a lock: it rests for one turn of the event loop after each slice. */
export function turnByTurn(): Pause {
  return pausing(PACED_SLICE_MS, () => nextTurn());
}

/** For work that nobody waits for: it rests as long as the slice took, so half of the time belongs to the others. */
export function paced(): Pause {
  return pausing(PACED_SLICE_MS, (tookMs) => sleep(tookMs));
}

/** Ends the work at its next step once nobody waits for it, with the error that `throwIfGone` throws. */
export function whileWaiting(waiter: Waiter | undefined, pause: Pause): Pause {
  return async () => {
    throwIfGone(waiter);
    await pause();
  };
}

function pausing(sliceMs: number, pause: (tookMs: number) => Promise<void>): Pause {
  let began = performance.now();
  return async () => {
    const tookMs = performance.now() - began;
    if (tookMs < sliceMs) return;
    await pause(tookMs);
    began = performance.now();
  };
}
