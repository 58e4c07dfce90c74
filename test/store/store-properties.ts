/** The store against a small model of what it means: random histories of one tenant. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TenantId } from '../../src/domain/ids';
import { configScope, scopeKey, TENANT_SCOPE, type Scope } from '../../src/domain/scope';
import type { Store, WriteTx } from '../../src/store/store';
import { bytes, CONFIG, execution, id, name, secret } from './rows';
import type { TestDatabase } from './test-database';

const SCOPES: readonly Scope[] = [TENANT_SCOPE, configScope(CONFIG)];

const step = fc.oneof(
  fc.record({
    kind: fc.constant('put' as const),
    scope: fc.nat(1),
    name: fc.nat(3),
    length: fc.nat(300),
    bundle: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('delete' as const),
    scope: fc.nat(1),
    name: fc.nat(3),
    revoke: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('start' as const),
    config: fc.boolean(),
    lifetime: fc.integer({ min: 1, max: 20 }),
  }),
  fc.record({ kind: fc.constant('end' as const), execution: fc.nat(5) }),
  fc.record({ kind: fc.constant('drop' as const), scope: fc.nat(1) }),
  fc.record({ kind: fc.constant('sweep' as const), limit: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constant('fail' as const), scope: fc.nat(1), name: fc.nat(3) }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

interface ModelScope {
  revision: number;
  secrets: Map<string, { version: number; length: number }>;
  bundles: Set<number>;
  revoked: Map<string, number>;
}

interface ModelExecution {
  id: string;
  pins: readonly [tenant: number, config: number | undefined];
  dead: number;
  ended: boolean;
}

class Model {
  readonly scopes: readonly ModelScope[] = SCOPES.map(() => ({
    revision: 0,
    secrets: new Map(),
    bundles: new Set(),
    revoked: new Map(),
  }));
  executions: ModelExecution[] = [];

  /** Bundles older than the current revision that nothing in force after `now` pins. */
  drop(scope: number, now: number): void {
    const state = this.scopes[scope]!;
    for (const revision of [...state.bundles]) {
      const pinned = this.executions.some((e) => e.dead > now && e.pins[scope] === revision);
      if (revision < state.revision && !pinned) state.bundles.delete(revision);
    }
  }

  /** @param isLeft whether the store has one still: of those that died at the same time, any may go first. */
  sweep(before: number, limit: number, isLeft: (e: ModelExecution) => boolean): void {
    const dead = this.executions.filter((e) => e.dead < before).sort((a, b) => a.dead - b.dead);
    const removed = dead.filter((e) => !isLeft(e));
    expect(removed.map((e) => e.dead)).toEqual(dead.slice(0, limit).map((e) => e.dead));
    this.executions = this.executions.filter((e) => !removed.includes(e));
    for (const scope of [0, 1]) {
      if (!removed.some((e) => e.pins[scope] !== undefined)) continue;
      this.drop(scope, before - 1);
      const { revoked } = this.scopes[scope]!;
      for (const [revokedName, upTo] of [...revoked]) {
        const needed = this.executions.some((e) => e.dead >= before && (e.pins[scope] ?? Infinity) <= upTo);
        if (!needed) revoked.delete(revokedName);
      }
    }
  }
}

/** Does one step to the model and to the store at time `now`. */
async function run(store: Store, model: Model, tenant: TenantId, s: Step, now: number): Promise<void> {
  const write = <T>(body: (tx: WriteTx) => Promise<T>) => store.write(body);
  switch (s.kind) {
    case 'put': {
      const state = model.scopes[s.scope]!;
      const version = ++state.revision;
      state.secrets.set(`N${s.name}`, { version, length: s.length });
      if (s.bundle) state.bundles.add(version);
      const row = secret(`N${s.name}`, version, {
        paddedBytes: s.length,
        ciphertext: new Uint8Array(s.length).fill(version),
      });
      await write(async (tx) => {
        await tx.putSecret(tenant, SCOPES[s.scope]!, row);
        if (s.bundle)
          await tx.putBundle(tenant, SCOPES[s.scope]!, { revision: version, ciphertext: bytes(version) });
      });
      return;
    }
    case 'delete': {
      const state = model.scopes[s.scope]!;
      state.secrets.delete(`N${s.name}`);
      const upTo = state.revision++;
      if (s.revoke) state.revoked.set(`N${s.name}`, upTo);
      await write(async (tx) => {
        await tx.deleteSecret(tenant, SCOPES[s.scope]!, name(`N${s.name}`), state.revision);
        if (s.revoke) {
          await tx.insertRevocation(tenant, SCOPES[s.scope]!, {
            name: name(`N${s.name}`),
            upToRevision: upTo,
            revokeTime: 0,
          });
        }
      });
      return;
    }
    case 'start': {
      const pins = [model.scopes[0]!.revision, s.config ? model.scopes[1]!.revision : undefined] as const;
      const executionId = `${tenant}-${now}`;
      model.executions.push({ id: executionId, pins, dead: now + s.lifetime, ended: false });
      await write((tx) =>
        tx.insertExecution(
          execution(executionId, {
            tenantId: tenant,
            configId: s.config ? CONFIG : undefined,
            tenantRevision: pins[0],
            configRevision: pins[1] ?? 0,
            expireTime: now + s.lifetime,
          }),
        ),
      );
      return;
    }
    case 'end': {
      const target = model.executions[s.execution];
      if (target === undefined || target.ended) return;
      target.ended = true;
      target.dead = Math.min(target.dead, now);
      await write((tx) => tx.endExecution(id(target.id), now));
      return;
    }
    case 'drop': {
      model.drop(s.scope, now);
      await write((tx) => tx.dropUnpinnedBundles(tenant, SCOPES[s.scope]!, now));
      return;
    }
    case 'sweep': {
      const before = model.executions;
      const count = await write((tx) => tx.removeDeadExecutions(now, s.limit));
      const left = await store.read(async (tx) => {
        const found = await Promise.all(before.map((e) => tx.getExecution(id(e.id))));
        return before.filter((_, i) => found[i] !== undefined);
      });
      model.sweep(now, s.limit, (e) => left.includes(e));
      expect(count).toBe(before.length - model.executions.length);
      return;
    }
    case 'fail': {
      const failing = write(async (tx) => {
        const { revision } = await tx.getScope(tenant, SCOPES[s.scope]!);
        await tx.putSecret(tenant, SCOPES[s.scope]!, secret(`N${s.name}`, revision + 1));
        await tx.putBundle(tenant, SCOPES[s.scope]!, { revision: revision + 1, ciphertext: bytes(1) });
        throw new Error('undo this');
      });
      await expect(failing).rejects.toThrow('undo this');
    }
  }
}

async function compare(store: Store, model: Model, tenant: TenantId): Promise<void> {
  await store.read(async (tx) => {
    for (const [i, scope] of SCOPES.entries()) {
      const state = model.scopes[i]!;
      const held = [...state.secrets].sort(([a], [b]) => (a < b ? -1 : 1));
      expect({ scope: scopeKey(scope), ...(await tx.getScope(tenant, scope)) }).toEqual({
        scope: scopeKey(scope),
        revision: state.revision,
        names: held.length,
        bytes: held.reduce((sum, [, { length }]) => sum + length, 0),
      });
      const rows = await tx.listSealedSecrets(tenant, scope);
      expect(rows.map((r) => [r.name, r.version, r.ciphertext.length])).toEqual(
        held.map(([n, { version, length }]) => [n, version, length]),
      );
      for (const row of rows) expect(row.ciphertext.every((byte) => byte === row.version)).toBe(true);
      const bundles = [];
      for (let revision = 1; revision <= state.revision; revision++) {
        if ((await tx.getBundle(tenant, scope, revision)) !== undefined) bundles.push(revision);
      }
      expect(bundles).toEqual([...state.bundles].sort((a, b) => a - b));
      const revoked = await tx.listRevocations(tenant, scope, 0);
      expect(revoked.map((r) => [r.name, r.upToRevision])).toEqual([...state.revoked].sort());
    }
    for (const e of model.executions) expect(await tx.getExecution(id(e.id))).toBeDefined();
  });
}

export function describeStoreProperties(engine: string, open: () => Promise<TestDatabase>): void {
  describe(`any history of a tenant on ${engine}`, () => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await open();
    });
    afterAll(() => database.dispose());

    it('leaves what the meaning of each step says: sums, revisions, ciphertexts, pinned bundles, revocations', async () => {
      let histories = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
          const tenant = id<TenantId>(`tenant-${histories++}`);
          const model = new Model();
          // Every history starts where the ones before are long dead, and its sweep finds nothing of theirs.
          let now = histories * 1_000;
          await database.store.write((tx) => tx.removeDeadExecutions(now, 10_000));
          for (const s of steps) await run(database.store, model, tenant, s, now++);
          await compare(database.store, model, tenant);
        }),
        { numRuns: 150 },
      );
    });
  });
}
