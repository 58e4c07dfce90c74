/**
 * What a node host prints to its own stdout and stderr, with the values of every execution that this sidecar has
 * resolved masked in it. `axiom run` and `axiom test` show it on a developer's terminal.
 *
 * What is printed at once is masked as one text, for a value may be written over several lines or in several writes.
 * A long one is masked in parts, each together with what is beside it, so that no border is within a value.
 */

import type { Readable, Writable } from 'node:stream';
import { ValueMasker } from './masking/value-masker';

/** Whole lines are handed on when nothing was printed for so long, in milliseconds, */
const QUIET_MS = 20;
/** and after so long at most. */
const LONGEST_WAIT_MS = 200;
/** What is longer is handed on in parts of so many bytes. */
const PART_BYTES = 32_768;
/** So many bytes on both sides of a part are looked through with it: a short value as a list of numbers, one a line. */
const BESIDE_BYTES = 1_024;
const LINE_FEED = 0x0a;

/** An execution's values, as far as they are masked here. */
interface Masked {
  masker(): ValueMasker;
  /** Keeps the masker until the function that is answered is called. */
  use(): () => void;
}

export class NodeOutput {
  /** Kept until the host has ended: it may print what an execution gave it long after that is over. */
  readonly #seen = new Map<Masked, () => void>();
  readonly #copies: MaskedCopy[] = [];

  /** Remembers an execution's values. */
  remember(secrets: Masked): void {
    if (!this.#seen.has(secrets)) this.#seen.set(secrets, secrets.use());
  }

  /** Copies a stream, masked. */
  copy(from: Readable, to: Writable): void {
    const copy = new MaskedCopy(to, () => Array.from(this.#seen.keys(), (secrets) => secrets.masker()));
    this.#copies.push(copy);
    from.on('data', (chunk: Buffer) => copy.add(chunk));
    from.once('end', () => copy.end());
  }

  /** Hands on what is left, and forgets. */
  close(): void {
    for (const copy of this.#copies) copy.end();
    for (const done of this.#seen.values()) done();
    this.#seen.clear();
  }
}

/** What one stream has printed and was not handed on yet, with some of what was. */
class MaskedCopy {
  #held = Buffer.alloc(0);
  /** So many bytes of it were handed on. */
  #shown = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Whether what was handed on last ends within a line. */
  #isWithinLine = false;
  #waitingSince = 0;

  constructor(
    private readonly to: Writable,
    private readonly maskers: () => readonly ValueMasker[],
  ) {}

  add(chunk: Buffer): void {
    this.#held = Buffer.concat([this.#held, chunk]);
    while (this.#held.length - this.#shown >= PART_BYTES + BESIDE_BYTES) this.#show(this.#shown + PART_BYTES);
    if (this.#timer === undefined) {
      this.#waitingSince = performance.now();
      this.#timer = setTimeout(() => this.#showLines(), QUIET_MS);
    } else if (performance.now() - this.#waitingSince < LONGEST_WAIT_MS) this.#timer.refresh();
  }

  /** Hands on all; what others write there next begins a line of its own. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#held.length > this.#shown) this.#show(this.#held.length);
    if (this.#isWithinLine) this.to.write('\n');
    this.#isWithinLine = false;
    this.#held = Buffer.alloc(0);
    this.#shown = 0;
  }

  #showLines(): void {
    this.#timer = undefined;
    const end = this.#held.lastIndexOf(LINE_FEED) + 1;
    if (end > this.#shown) this.#show(end);
  }

  #show(end: number): void {
    this.to.write(ValueMasker.maskPart(this.maskers(), this.#held, this.#shown, end));
    this.#isWithinLine = this.#held[end - 1] !== LINE_FEED;
    const kept = Math.max(0, end - BESIDE_BYTES);
    this.#held = this.#held.subarray(kept);
    this.#shown = end - kept;
  }
}
