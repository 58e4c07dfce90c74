/**
 * API keys that reads found and that still stand: nobody has committed since who could have changed what was read. Each call
 * of a management door asks for one, and most follow writes of other things.
 *
 * What was found is kept in a map that is given up as soon as anything may have changed it. Who reads takes the map before
 * its snapshot and puts what it found there into that one, so what an older snapshot shows reaches nobody who came later.
 */

import { RecentMap } from '../domain/recent-map';
import type { AuditAction } from '../domain/audit-actions';
import type { ApiKeyRecord } from './records';
import type { Signing } from './signing';

/** So many at least. */
const KEPT = 1_000;

export interface StandingKey {
  /** Who believed it; undefined in a store that is not signed. */
  readonly signing: Signing | undefined;
  readonly record: ApiKeyRecord;
}

/** By the key's hash. */
export type KnownKeys = RecentMap<string, StandingKey>;

/** A statement that writes: whether it says which keys are in force, or does so of this list among others. */
export type ConcernsKeys = 'never' | 'where it names their list' | 'always';

const THEIR_LIST = 'access';

/** Secrets and what follows from them, and events, of which `appended` is told. */
const NEVER =
  /^(?:(?:insert into|update|delete from) "(?:secrets|ciphertexts|free_ciphertexts|bundles|bundle_parts|audit_moved)"|insert into "audit_events")/;

export function concernsKeys(sql: string): ConcernsKeys {
  if (NEVER.test(sql)) return 'never';
  return sql.startsWith('insert into "scopes"') ? 'where it names their list' : 'always';
}

export class StandingKeys {
  #known: KnownKeys = new RecentMap(KEPT);
  #dataVersion: unknown;
  #isUnsettled = false;

  /** @param dataVersion of the connection that writes: another one where another process has committed; undefined: unknown. */
  constructor(private readonly dataVersion: () => unknown) {}

  /** Undefined while nobody can say what stands. */
  current(): KnownKeys | undefined {
    if (this.#isUnsettled) return undefined;
    const before = this.#dataVersion;
    this.#dataVersion = this.dataVersion();
    if (this.#dataVersion !== before) this.#forget();
    return this.#dataVersion === undefined ? undefined : this.#known;
  }

  /** The running transaction wrote with such a statement. */
  wrote(concerns: ConcernsKeys, parameters: readonly unknown[]): void {
    if (concerns === 'always' || (concerns !== 'never' && parameters.includes(THEIR_LIST))) this.#unsettle();
  }

  /** It appended this to a log. */
  appended(action: AuditAction): void {
    if (action === 'api_key.revoke') this.#unsettle();
  }

  /** It is committed or undone. */
  settled(): void {
    if (this.#isUnsettled) this.#forget();
    this.#isUnsettled = false;
  }

  #unsettle(): void {
    this.#isUnsettled = true;
    this.#forget();
  }

  #forget(): void {
    this.#known = new RecentMap(KEPT);
  }
}
