/**
 * What has come of a request, put together as it comes: kept by themselves, chunks of a byte take a hundred times what
 * they hold, and budgets count what they hold. A request usually comes in one chunk, which is kept as it is.
 */

import { giveBack } from '../work/give-back';

/** Beside what came, so that one more chunk needs no other buffer. */
const LEAST_ROOM = 4_096;
const NOTHING = Buffer.alloc(0);

export class ReceivedBytes {
  #bytes: Buffer = NOTHING;
  #isOwn = false;
  #length = 0;

  /** @param holdsValues every buffer that is left behind is zeroed, the chunks among them. */
  constructor(private readonly holdsValues: boolean) {}

  get length(): number {
    return this.#length;
  }

  /** What is here so far: to look at, for the next chunk may move it. */
  get soFar(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** @param most how many come in all, where that is known: there is no room for more then. */
  add(chunk: Uint8Array, most = Infinity): void {
    if (this.#length === 0) {
      this.#bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    } else {
      this.#makeRoom(this.#length + chunk.byteLength, most);
      this.#bytes.set(chunk, this.#length);
      if (this.holdsValues) chunk.fill(0);
    }
    this.#length += chunk.byteLength;
  }

  /** All of it; where it holds values, in a buffer that is nobody else's. */
  take(): Buffer {
    if (this.holdsValues && !this.#isOwn) this.#moveTo(this.#length);
    return this.soFar;
  }

  /** It is not needed, or no longer. */
  drop(): void {
    this.#leave();
    this.#bytes = NOTHING;
    this.#isOwn = false;
    this.#length = 0;
  }

  #makeRoom(bytes: number, most: number): void {
    if (this.#isOwn && bytes <= this.#bytes.byteLength) return;
    this.#moveTo(Math.max(bytes, Math.min(Math.max(2 * bytes, LEAST_ROOM), most)));
  }

  #moveTo(capacity: number): void {
    const moved = Buffer.concat([this.soFar], capacity);
    this.#leave();
    this.#bytes = moved;
    this.#isOwn = true;
  }

  /** Of a chunk Node may still hold the memory. */
  #leave(): void {
    if (this.holdsValues) this.#bytes.fill(0);
    if (this.#isOwn) giveBack(this.#bytes);
  }
}
