/**
 * Keeps floods of refused calls out of the audit log: one row at once, and one with the count of the others when
 * the minute is over or the server stops. What is counted is in memory: a kill loses a minute of counts at most.
 */

import type { Logger } from 'pino';
import type { AuditEntry } from '../domain/audit-entry';
import { SERVICE_LOG, type AuditLogId } from '../domain/audit-log';
import type { Clock } from '../domain/clock';
import type { CountedEvents } from '../domain/counted-events';
import { writeTo, type Store } from '../store/store';
import { sourceOf } from '../wire/listener/source-address';
import { repeat, type Repeated } from './repeat';

const WINDOW_MS = 60_000;
const CHECK_EVERY_MS = 1_000;
/** Kinds of events that are counted at once, for proven principals and for networks of unproven ones. */
const MAX_KINDS = { proven: 10_000, unproven: 100 } as const;
/** Stands for the principals or networks beyond those. */
const OTHERS = '(others)';
/** Stands for the methods of a row that counts calls of more than one. */
const SEVERAL = '(several)';

interface Window {
  readonly log: AuditLogId;
  /** The latest of its kind. */
  entry: AuditEntry;
  /** How many calls no row tells of yet. */
  count: number;
  until: number;
}

export interface RunningCountedEvents extends CountedEvents {
  /** Writes what was counted so far. */
  stop(): Promise<void>;
}

export function createCountedEvents(
  store: Store,
  clock: Clock,
  logger: Logger,
  maxKinds: { readonly proven: number; readonly unproven: number } = MAX_KINDS,
): RunningCountedEvents {
  return new EventWindows(store, clock, logger, maxKinds);
}

class EventWindows implements RunningCountedEvents {
  readonly #windows = new Map<string, Window>();
  readonly #kinds = { proven: 0, unproven: 0 };
  readonly #repeated: Repeated;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly maxKinds: { readonly proven: number; readonly unproven: number },
  ) {
    this.#repeated = repeat(CHECK_EVERY_MS, 'counting refused calls', logger, () =>
      this.#flush(({ until }) => until <= this.clock()),
    );
  }

  async record(log: AuditLogId, seen: AuditEntry): Promise<void> {
    const { key, home, entry } = this.#place(log, seen);
    const window = this.#windows.get(key);
    if (window !== undefined) {
      const resource = window.entry.resource === entry.resource ? entry.resource : SEVERAL;
      window.entry = { ...entry, resource };
      window.count += entry.count;
      return;
    }
    const opened: Window = { log: home, entry, count: 0, until: this.clock() + WINDOW_MS };
    this.#windows.set(key, opened);
    this.#kinds[standing(entry)]++;
    if (!(await this.#write(home, entry))) opened.count += entry.count;
  }

  async stop(): Promise<void> {
    await this.#repeated.stop();
    await this.#flush(() => true);
  }

  /** Where an event is counted: by itself, or with others once as many kinds are counted as may be. */
  #place(log: AuditLogId, seen: AuditEntry): { key: string; home: AuditLogId; entry: AuditEntry } {
    const kind = standing(seen);
    const entry = kind === 'unproven' ? { ...seen, source: sourceOf(seen.source) } : seen;
    const key = keyOf(log, entry);
    if (this.#windows.has(key) || this.#kinds[kind] < this.maxKinds[kind]) return { key, home: log, entry };
    const shared =
      kind === 'unproven' ? { ...entry, source: OTHERS } : { ...entry, principal: OTHERS, source: OTHERS };
    return { key: keyOf(SERVICE_LOG, shared), home: SERVICE_LOG, entry: shared };
  }

  async #flush(isOver: (window: Window) => boolean): Promise<void> {
    for (const [key, window] of this.#windows) {
      if (!isOver(window)) continue;
      const { count, entry } = window;
      window.count = 0;
      // While the store takes no writes, one attempt a second is enough.
      if (count > 0 && !(await this.#write(window.log, { ...entry, count }))) {
        window.count += count;
        return;
      }
      if (window.count > 0) {
        window.until = this.clock() + WINDOW_MS;
      } else {
        this.#windows.delete(key);
        this.#kinds[standing(entry)]--;
      }
    }
  }

  async #write(log: AuditLogId, entry: AuditEntry): Promise<boolean> {
    try {
      await this.store.write((tx) => tx.appendAudit(log, entry), writeTo(log));
      return true;
    } catch (error) {
      const name = error instanceof Error ? error.name : typeof error;
      this.logger.warn({ error: name }, 'a refused call is not in the audit log yet; it is tried again');
      return false;
    }
  }
}

function standing({ principal }: AuditEntry): 'proven' | 'unproven' {
  return principal === '' ? 'unproven' : 'proven';
}

function keyOf(log: AuditLogId, { principal, action, source }: AuditEntry): string {
  return JSON.stringify([log, principal, action, principal === '' ? source : '']);
}
