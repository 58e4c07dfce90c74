/**
 * A scope's entries, each under its key, in the keys' byte order. They lie one after the other in memory of their own, which
 * is what is digested: put together for each digest, a thousand cost more than the digest, and each kept by itself more
 * memory than its bytes.
 */

import { sha256 } from './statement';

/** What is left free for entries to come, of what there is, once there was no room for one. */
const SPARE = 1 / 8;

/** SHA-256 over the entries in their order, one after the other; each tells its own length. */
export function digestOf(entries: readonly Uint8Array[]): Buffer {
  return sha256(Buffer.concat(entries));
}

export class Entries {
  readonly #keys: string[] = [];
  /** Of each key's entry, in bytes. */
  readonly #lengths: number[] = [];
  #bytes: Uint8Array;
  #end = 0;
  /** What takes back each change since `begin`. */
  #back: (() => void)[] | undefined;

  /** @param entries in any order. */
  constructor(entries: Iterable<readonly [key: string, entry: Uint8Array]> = []) {
    const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
    this.#bytes = new Uint8Array(sorted.reduce((sum, [, entry]) => sum + entry.byteLength, 0));
    for (const [key, entry] of sorted) {
      this.#keys.push(key);
      this.#lengths.push(entry.byteLength);
      this.#bytes.set(entry, this.#end);
      this.#end += entry.byteLength;
    }
  }

  get size(): number {
    return this.#keys.length;
  }

  /** A copy. */
  get(key: string): Uint8Array | undefined {
    const at = this.#find(key);
    return this.#keys[at] === key ? this.#copyAt(at) : undefined;
  }

  set(key: string, entry: Uint8Array): void {
    const at = this.#find(key);
    if (this.#keys[at] === key) {
      const old = this.#copyAt(at);
      this.#replace(at, old.byteLength, entry);
      this.#lengths[at] = entry.byteLength;
      this.#back?.push(() => this.set(key, old));
    } else {
      this.#replace(at, 0, entry);
      this.#keys.splice(at, 0, key);
      this.#lengths.splice(at, 0, entry.byteLength);
      this.#back?.push(() => this.delete(key));
    }
  }

  delete(key: string): void {
    const at = this.#find(key);
    if (this.#keys[at] !== key) return;
    const old = this.#copyAt(at);
    this.#replace(at, old.byteLength, new Uint8Array());
    this.#keys.splice(at, 1);
    this.#lengths.splice(at, 1);
    this.#back?.push(() => this.set(key, old));
  }

  /** From now on changes can be taken back. */
  begin(): void {
    this.#back = [];
  }

  keep(): void {
    this.#back = undefined;
  }

  /** To what they were at `begin`. */
  revert(): void {
    const changes = this.#back ?? [];
    this.#back = undefined;
    for (const takeBack of changes.reverse()) takeBack();
  }

  /** Copies of so many of them that come after a key, in order. */
  after(key: string, limit: number): readonly (readonly [key: string, entry: Uint8Array])[] {
    const found = this.#find(key);
    const start = this.#keys[found] === key ? found + 1 : found;
    let offset = this.#offsetOf(start);
    return this.#keys.slice(start, start + limit).map((one, index) => {
      const begin = offset;
      offset += this.#lengths[start + index] as number;
      return [one, this.#bytes.slice(begin, offset)];
    });
  }

  /** As digestOf. */
  digest(): Buffer {
    return sha256(this.#bytes.subarray(0, this.#end));
  }

  #copyAt(at: number): Uint8Array {
    const offset = this.#offsetOf(at);
    return this.#bytes.slice(offset, offset + (this.#lengths[at] as number));
  }

  /** Puts an entry where that many bytes of the one at this place were. */
  #replace(at: number, length: number, entry: Uint8Array): void {
    const offset = this.#offsetOf(at);
    const end = this.#end + entry.byteLength - length;
    const from = this.#bytes;
    if (end > from.byteLength) {
      this.#bytes = new Uint8Array(Math.ceil(end * (1 + SPARE)));
      this.#bytes.set(from.subarray(0, this.#end));
    }
    if (entry.byteLength !== length)
      this.#bytes.copyWithin(offset + entry.byteLength, offset + length, this.#end);
    this.#bytes.set(entry, offset);
    this.#end = end;
  }

  #offsetOf(at: number): number {
    let offset = 0;
    for (let index = 0; index < at; index++) offset += this.#lengths[index] as number;
    return offset;
  }

  /** Where the key is, or would be. Keys are ASCII, whose order as strings is that of their bytes. */
  #find(key: string): number {
    let [low, high] = [0, this.#keys.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#keys[middle] as string) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
