/** Counts what nodes asked for, until it is reported: bounded, names only. */

import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { SecretReadSchema } from '../gen/axiom/executions/v1/executions_pb';

/** Who read. */
export interface Reader {
  /** `handle/name`. */
  readonly package: string;
  readonly packageVersion: string;
  readonly node: string;
}

/** Reads of one name by one node, as ReportReads takes them. */
export type CountedRead = MessageInitShape<typeof SecretReadSchema>;

interface Count {
  readonly reader: Reader;
  readonly name: string;
  readonly found: boolean;
  count: number;
  lastReadTime: number;
}

const MAX_INT32 = 2 ** 31 - 1;
// A secret's name has at most 128 characters; a longer one can only be asked for in vain.
const MAX_NAME_CHARACTERS = 128;

/** By execution token. At most `maxEntries` different reads wait; further ones are dropped and counted. */
export class PendingReads {
  readonly #byToken = new Map<string, Map<string, Count>>();
  #entries = 0;
  #dropped = 0;

  constructor(private readonly maxEntries: number) {}

  add(token: string, reader: Reader, name: string, found: boolean, now: number, times = 1): void {
    const shown = Array.from(name).slice(0, MAX_NAME_CHARACTERS).join('');
    const key = JSON.stringify([reader.package, reader.packageVersion, reader.node, shown, found]);
    const reads = this.#byToken.get(token) ?? new Map<string, Count>();
    const known = reads.get(key);
    if (known !== undefined) {
      known.count = Math.min(known.count + times, MAX_INT32);
      known.lastReadTime = Math.max(known.lastReadTime, now);
    } else if (this.#entries >= this.maxEntries) {
      this.#dropped += times;
    } else {
      this.#byToken.set(token, reads);
      reads.set(key, { reader, name: shown, found, count: times, lastReadTime: now });
      this.#entries++;
    }
  }

  tokens(): string[] {
    return [...this.#byToken.keys()];
  }

  /** Takes up to `limit` reads of a token out; give them back with `restore` when they could not be delivered. */
  take(token: string, limit: number): CountedRead[] {
    const reads = this.#byToken.get(token);
    if (reads === undefined) return [];
    const taken = [...reads].slice(0, limit);
    for (const [key] of taken) reads.delete(key);
    if (reads.size === 0) this.#byToken.delete(token);
    this.#entries -= taken.length;
    return taken.map(([, count]) => ({
      name: count.name,
      found: count.found,
      package: count.reader.package,
      packageVersion: count.reader.packageVersion,
      node: count.reader.node,
      count: count.count,
      lastReadTime: timestampFromMs(count.lastReadTime),
    }));
  }

  restore(token: string, reads: readonly CountedRead[]): void {
    for (const read of reads) {
      const { package: pkg = '', packageVersion = '', node = '', name = '', found = false, count = 1 } = read;
      const seconds = Number(read.lastReadTime?.seconds ?? 0n);
      const lastReadTime = seconds * 1_000 + Math.floor((read.lastReadTime?.nanos ?? 0) / 1_000_000);
      this.add(token, { package: pkg, packageVersion, node }, name, found, lastReadTime, count);
    }
  }

  /** How many were dropped since the last time this was asked. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }
}
