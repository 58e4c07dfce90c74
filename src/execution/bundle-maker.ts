/** Makes each missing bundle once, however many executions start on its revision at the same time. */

import type { TenantOpener } from '../crypto/open/opener';
import type { TenantId } from '../domain/ids';
import { scopeKey, type Scope } from '../domain/scope';
import type { Signing } from '../store/signing';
import { makeBundle, type BundleSource, type MadeBundle } from './bundles';

/** What says which bundle: a revision is never used again, so it says what is in it as well. */
export interface BundleId {
  readonly tenantId: TenantId;
  readonly scope: Scope;
  readonly revision: number;
}

export class BundleMaker {
  readonly #making = new Map<string, Promise<MadeBundle>>();

  /** The bundle that is being made already, so that nothing need be read for it. */
  inMaking(id: BundleId): Promise<MadeBundle> | undefined {
    return this.#making.get(keyOf(id));
  }

  /** @throws as makeBundle. */
  make(opener: TenantOpener, signing: Signing, source: BundleSource): Promise<MadeBundle> {
    const key = keyOf(source);
    const making = this.#making.get(key) ?? this.#begin(key, opener, signing, source);
    this.#making.set(key, making);
    return making;
  }

  async #begin(
    key: string,
    opener: TenantOpener,
    signing: Signing,
    source: BundleSource,
  ): Promise<MadeBundle> {
    try {
      return await makeBundle(opener, signing, source);
    } finally {
      this.#making.delete(key);
    }
  }
}

function keyOf({ tenantId, scope, revision }: BundleId): string {
  return `${tenantId}/${scopeKey(scope)}/${revision}`;
}
