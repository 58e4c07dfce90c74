/**
 * Seals values before the write that stores them: each takes a key agreement, 0.15 ms, an import has up to a thousand,
 * and whoever writes keeps the tenant's other writers waiting. The write then looks whether the tenant's keyset is
 * still the one that was sealed to, and where a rotation came between everything is sealed again.
 */

import type { TenantSealer } from '../crypto/seal/sealer';
import type { SealedValue } from '../crypto/types';
import type { SecretName, TenantId } from '../domain/ids';
import { RecentMap } from '../domain/recent-map';
import type { Scope } from '../domain/scope';
import type { WriteOptions, WriteTx } from '../store/store';
import { sliced, whileWaiting } from '../work/pace';
import type { SecretContent } from './content';
import type { ManagementContext } from './context';
import { getTenantKeys } from './public-keyset';

/** So many tenants' sealers are remembered at least: those that were used last. */
const KEPT_SEALERS = 10_000;

/** So many of one call's values are sealed side by side: other calls' wait behind them in the thread that seals. */
const SEALED_AT_ONCE = 16;

export interface NamedContent {
  readonly name: SecretName;
  readonly content: SecretContent;
}

/** A value to store under a name, sealed. */
export interface SealedContent {
  readonly name: SecretName;
  readonly sealed: SealedValue;
}

/** Where values go, and which. */
export interface ToSeal {
  readonly tenantId: TenantId;
  readonly scope: Scope;
  readonly contents: readonly NamedContent[];
}

interface KeptSealer {
  readonly keysRevision: number;
  readonly sealer: TenantSealer;
}

export class SealAhead {
  /** Of the keyset that was a tenant's newest when its sealer was asked for. */
  readonly #kept = new RecentMap<TenantId, KeptSealer>(KEPT_SEALERS);

  constructor(private readonly context: Pick<ManagementContext, 'store' | 'sealers'>) {}

  /**
   * Runs `body` in a write with the values sealed, in their order.
   * @throws DomainError FAILED_PRECONDITION when the tenant's public keyset does not carry the service's signature, or
   *   a client sealed to another key.
   */
  async write<T>(
    { tenantId, scope, contents }: ToSeal,
    options: WriteOptions,
    body: (tx: WriteTx, sealed: readonly SealedContent[]) => Promise<T>,
  ): Promise<T> {
    for (;;) {
      const { keysRevision, sealer } = await this.#sealerOf(tenantId, options);
      const pause = whileWaiting(options.waiter, sliced());
      const sealed: SealedContent[] = [];
      for (let at = 0; at < contents.length; at += SEALED_AT_ONCE) {
        await pause();
        const some = contents.slice(at, at + SEALED_AT_ONCE).map(async ({ name, content }) => ({
          name,
          sealed: await content.sealedBy(sealer, { tenantId, scope, name }),
        }));
        sealed.push(...(await Promise.all(some)));
      }
      const done = await this.context.store.write(async (tx) => {
        const isNewest = (await tx.getTenantKeysRevision(tenantId)) === keysRevision;
        return isNewest ? { value: await body(tx, sealed) } : undefined;
      }, options);
      if (done !== undefined) return done.value;
      this.#kept.delete(tenantId);
    }
  }

  async #sealerOf(tenantId: TenantId, { waiter }: WriteOptions): Promise<KeptSealer> {
    const known = this.#kept.get(tenantId);
    if (known !== undefined) return known;
    const keys = await this.context.store.read((tx) => getTenantKeys(tx, tenantId), waiter);
    const made = { keysRevision: keys.keysRevision, sealer: await this.context.sealers.forTenant(keys) };
    this.#kept.set(tenantId, made);
    return made;
  }
}
