/**
 * What a tenant's audit log says was done, beside what its rows say.
 *
 * Rows and the signed head over them can be set back together: both are as the service once wrote them, and only the
 * log tells that they are not the newest. So a revision that is lower than what was saved since, a config, a key or a
 * handle that is gone, and one that is back, are looked for here. The log itself is held by its chain and by checkpoints
 * (verify-audit.ts).
 */

import type { ApiKeyId, ConfigId, TenantId } from '../domain/ids';
import { configScope, scopeKey, TENANT_SCOPE } from '../domain/scope';
import type { AuditRecord } from '../store/records';
import type { ReadTx, Store } from '../store/store';
import type { Pause } from '../work/pace';
import { handleOf } from '../domain/package-name';
import { noneIfUnsound } from './faults';

/** What of it is not as the log says. */
export interface SetBack {
  readonly areConfigs: boolean;
  readonly areKeys: boolean;
  readonly areHandles: boolean;
}

export class Logged {
  readonly #tenantId: TenantId;
  /** Of each scope that there is: the revision that it has at least, and how many changes were met so far. */
  readonly #scopes = new Map<string, { revision: number; changes: number }>();
  /** The newest revision of each config that there is. */
  readonly #configs = new Map<ConfigId, number>();
  #defaultRevision = 0;
  /** Of which the deletion was met and the making not yet: never more than there can be at a time. */
  readonly #deleted = new Set<string>();
  /** Configs that were there and that the log says were deleted. */
  readonly #back = new Set<ConfigId>();
  /** Configs that the log says were made and not deleted, and that were not there. */
  readonly #missing = new Set<ConfigId>();
  /** Handles that something was published under or that were moved, and whether they are the tenant's since. */
  readonly #handles = new Map<string, boolean>();
  /** The sequence of the newest event that was noted. */
  #newest = 0;
  /** Keys that were made or revoked. */
  readonly #keys = new Set<ApiKeyId>();

  /** @param configs what there is before the log is read: what it tells of others needs no room. */
  constructor(tenantId: TenantId, configs: readonly ConfigId[]) {
    this.#tenantId = tenantId;
    this.#scopes.set(scopeKey(TENANT_SCOPE), { revision: 0, changes: 0 });
    for (const configId of configs) {
      this.#configs.set(configId, 0);
      this.#scopes.set(scopeKey(configScope(configId)), { revision: 0, changes: 0 });
    }
  }

  /** @param event each of the log, the newest first. */
  note({ action, scope, version, resource, sequence }: AuditRecord): void {
    this.#newest = Math.max(this.#newest, sequence);
    const configId = resource as ConfigId;
    switch (action) {
      case 'secret.add':
      case 'secret.replace':
      case 'override.set':
        return this.#changed(scope, version);
      case 'secret.delete':
      case 'override.delete':
        // The version is the row's word, which may have been changed: what is certain is that it was one change more.
        return this.#changed(scope, 0);
      case 'flow_config.create':
      case 'flow_config.update': {
        const isDeleted = action === 'flow_config.create' && this.#deleted.delete(configId);
        const known = this.#configs.get(configId);
        if (known !== undefined) this.#configs.set(configId, Math.max(known, version));
        else if (action === 'flow_config.create' && !isDeleted) this.#missing.add(configId);
        return;
      }
      case 'flow_config.delete':
        this.#deleted.add(configId);
        if (this.#configs.has(configId)) this.#back.add(configId);
        return;
      case 'tenant_default.update':
        this.#defaultRevision = Math.max(version, this.#defaultRevision);
        return;
      case 'api_key.create':
      case 'api_key.revoke':
        this.#keys.add(resource as ApiKeyId);
        return;
      case 'package.publish':
        return this.#had(handleOf(resource), true);
      case 'handle.move_in':
        return this.#had(resource, true);
      case 'handle.move':
      case 'handle.move_out':
        return this.#had(resource, false);
      default:
    }
  }

  /** Each change gives a scope its next revision. */
  #changed(scope: string, revision: number): void {
    const state = this.#scopes.get(scope);
    if (state === undefined) return;
    state.revision = Math.max(state.revision, revision + state.changes);
    state.changes++;
  }

  /** What the newest event says holds. */
  #had(handle: string, isOwn: boolean): void {
    if (!this.#handles.has(handle)) this.#handles.set(handle, isOwn);
  }

  /** The revision that a scope has at least. */
  revisionOf(scope: string): number {
    return this.#scopes.get(scope)?.revision ?? 0;
  }

  /** Each row in a snapshot of its own, newer than what was noted: there may be very many. */
  async compare(store: Pick<Store, 'read'>, pause: Pause): Promise<SetBack> {
    return {
      areConfigs: await this.#areConfigsSetBack(store, pause),
      areKeys: await this.#areKeysSetBack(store, pause),
      areHandles: await this.#areHandlesSetBack(store, pause),
    };
  }

  async #areConfigsSetBack(store: Pick<Store, 'read'>, pause: Pause): Promise<boolean> {
    const byTenant = await store.read((tx) => tx.getTenantDefault(this.#tenantId)).catch(noneIfUnsound);
    if ((byTenant?.revision ?? 0) < this.#defaultRevision) return true;
    for (const configId of new Set([...this.#configs.keys(), ...this.#missing])) {
      await pause();
      if (await store.read((tx) => this.#isConfigSetBack(tx, configId))) return true;
    }
    return false;
  }

  async #isConfigSetBack(tx: ReadTx, configId: ConfigId): Promise<boolean> {
    const found = await tx.getFlowConfig(this.#tenantId, configId).catch(noneIfUnsound);
    const isDeleted = this.#back.has(configId);
    if (found !== undefined) return isDeleted || found.revision < (this.#configs.get(configId) ?? 0);
    return !isDeleted && !(await this.#isDeletedBy(tx, configId));
  }

  /** One that was deleted since the log was read. */
  async #isDeletedBy(tx: ReadTx, configId: ConfigId): Promise<boolean> {
    const filter = { action: 'flow_config.delete', resource: configId };
    return (await tx.listAuditEvents(this.#tenantId, filter, { limit: 1 })).length > 0;
  }

  /** No key is ever deleted, and one that the log says was revoked is not as written where its row says otherwise. */
  async #areKeysSetBack(store: Pick<Store, 'read'>, pause: Pause): Promise<boolean> {
    for (const keyId of this.#keys) {
      await pause();
      const key = await store.read((tx) => tx.getApiKey(this.#tenantId, keyId)).catch(noneIfUnsound);
      if (key === undefined) return true;
    }
    return false;
  }

  /** No handle is ever deleted. Of one that was moved before it was told which way, the log says no more than that. */
  async #areHandlesSetBack(store: Pick<Store, 'read'>, pause: Pause): Promise<boolean> {
    for (const [handle, isOwn] of this.#handles) {
      await pause();
      const owner = await store.read((tx) => tx.getHandleOwner(handle)).catch(noneIfUnsound);
      if (owner === undefined) return true;
      if (isOwn && owner !== this.#tenantId && !(await this.#isMovedOut(store, handle))) return true;
    }
    return false;
  }

  /** One that was moved since the log was read. */
  async #isMovedOut(store: Pick<Store, 'read'>, handle: string): Promise<boolean> {
    const filter = { action: 'handle.move_out', resource: handle };
    const newest = (await store.read((tx) => tx.listAuditEvents(this.#tenantId, filter, { limit: 1 })))[0];
    return newest !== undefined && newest.sequence > this.#newest;
  }
}
