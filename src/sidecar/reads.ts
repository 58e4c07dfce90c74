/**
 * Counts what nodes asked for, until it is reported: names only, and bounded.
 *
 * One entry is one name that one node asked for since the last report, however often.
 * Entries have a budget per execution and per tenant; what exceeds it is only counted. So a
 * node that reads in a loop costs the audit log as little as one that reads once.
 */

import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { ExecutionReadsSchema, SecretReadSchema } from '../gen/axiom/executions/v1/executions_pb';
import { Allowance } from './allowance';

/** Who read. */
export interface Reader {
  /** `handle/name`. */
  readonly package: string;
  readonly packageVersion: string;
  readonly node: string;
}

/** Whose read it is. */
export interface ReadOf {
  readonly token: string;
  readonly tenantId: string;
  readonly reader: Reader;
}

/** Reads of one name by one node, as ReportReads takes them. */
export type CountedRead = MessageInitShape<typeof SecretReadSchema>;
/** What is reported of one execution. */
export type TakenReads = MessageInitShape<typeof ExecutionReadsSchema> & {
  readonly executionToken: string;
  readonly reads: CountedRead[];
};

interface Count {
  readonly reader: Reader;
  readonly name: string;
  readonly found: boolean;
  count: number;
  lastReadTime: number;
}

interface Pending {
  readonly entries: Map<string, Count>;
  others: number;
}

const MAX_INT32 = 2 ** 31 - 1;
/** Every name that a scope may hold can be read by one execution at once; a loop leaves 10 rows a second. */
const PER_EXECUTION = { atOnce: 1_000, perSecond: 10 };
const PER_TENANT = { atOnce: 4_000, perSecond: 200 };

export class PendingReads {
  readonly #byToken = new Map<string, Pending>();
  readonly #executions = new Allowance(PER_EXECUTION);
  readonly #tenants = new Allowance(PER_TENANT);
  #entries = 0;

  /** @param maxEntries how many entries of all executions may wait. */
  constructor(private readonly maxEntries: number) {}

  /** @param now milliseconds since the epoch. */
  add({ token, tenantId, reader }: ReadOf, name: string, found: boolean, now: number): void {
    const pending = this.#of(token);
    const key = JSON.stringify([reader.package, reader.packageVersion, reader.node, name, found]);
    const known = pending.entries.get(key);
    if (known !== undefined) {
      known.count = Math.min(known.count + 1, MAX_INT32);
      known.lastReadTime = Math.max(known.lastReadTime, now);
    } else if (
      this.#entries < this.maxEntries &&
      this.#executions.take(token) &&
      this.#tenants.take(tenantId)
    ) {
      pending.entries.set(key, { reader, name, found, count: 1, lastReadTime: now });
      this.#entries++;
    } else {
      pending.others++;
    }
  }

  tokens(): string[] {
    return [...this.#byToken.keys()];
  }

  has(token: string): boolean {
    return this.#byToken.has(token);
  }

  /** Takes up to `limit` reads of a token out; give them back with `restore` when they could not be delivered. */
  take(executionToken: string, limit: number): TakenReads {
    const pending = this.#byToken.get(executionToken);
    if (pending === undefined) return { executionToken, reads: [] };
    const taken = [...pending.entries].slice(0, limit);
    for (const [key] of taken) pending.entries.delete(key);
    this.#entries -= taken.length;
    const otherReads = BigInt(pending.others);
    pending.others = 0;
    if (pending.entries.size === 0) this.#byToken.delete(executionToken);
    const reads = taken.map(([, { reader, name, found, count, lastReadTime }]) => ({
      ...{ name, found, ...reader, count },
      lastReadTime: timestampFromMs(lastReadTime),
    }));
    return { executionToken, reads, otherReads };
  }

  restore({ executionToken, reads, otherReads }: TakenReads): void {
    if (reads.length === 0 && (otherReads ?? 0n) === 0n) return;
    const pending = this.#of(executionToken);
    pending.others += Number(otherReads ?? 0n);
    for (const read of reads) {
      const { package: pkg = '', packageVersion = '', node = '', name = '', found = false, count = 1 } = read;
      const key = JSON.stringify([pkg, packageVersion, node, name, found]);
      const known = pending.entries.get(key);
      const seconds = Number(read.lastReadTime?.seconds ?? 0n);
      const lastReadTime = seconds * 1_000 + Math.floor((read.lastReadTime?.nanos ?? 0) / 1_000_000);
      if (known !== undefined) {
        known.count = Math.min(known.count + count, MAX_INT32);
        known.lastReadTime = Math.max(known.lastReadTime, lastReadTime);
      } else if (this.#entries < this.maxEntries) {
        const reader = { package: pkg, packageVersion, node };
        pending.entries.set(key, { reader, name, found, count, lastReadTime });
        this.#entries++;
      } else {
        pending.others += count;
      }
    }
  }

  /** Forgets the budgets of those who have not read for a while. */
  sweep(): void {
    this.#executions.sweep();
    this.#tenants.sweep();
  }

  #of(token: string): Pending {
    const pending = this.#byToken.get(token) ?? { entries: new Map<string, Count>(), others: 0 };
    this.#byToken.set(token, pending);
    return pending;
  }
}
