/** Heads of scopes under writes that share a commit, in a store that is signed. */

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { parseTenantId, type TenantId } from '../../../src/domain/ids';
import { configScope, TENANT_SCOPE, type Scope } from '../../../src/domain/scope';
import { signedStore } from '../../../src/store/signed-store';
import type { RowSigner } from '../../../src/store/signing';
import type { Store, WriteTx } from '../../../src/store/store';
import { config, CONFIG, name, secret, TENANT } from '../rows';
import type { TestDatabase } from '../test-database';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });

/** Signs with ECDSA, and notes of which table each row was. */
function signerNoting(tables: string[]): RowSigner {
  const named = (table: string, statement: Uint8Array) => Buffer.concat([Buffer.from(table), statement]);
  return {
    sign(table, statement) {
      tables.push(table);
      return sign('sha256', named(table, statement), privateKey);
    },
    verify: (table, statement, signature) => verify('sha256', named(table, statement), publicKey, signature),
  };
}

const OVERRIDES = configScope(CONFIG);
const refused = new Error('refused');

/** Puts a secret as the scope's next version. */
async function put(
  tx: WriteTx,
  secretName: string,
  scope: Scope = TENANT_SCOPE,
  tenant: TenantId = TENANT,
): Promise<number> {
  const { revision } = await tx.getScope(tenant, scope);
  await tx.putSecret(tenant, scope, secret(secretName, revision + 1));
  return revision + 1;
}

async function remove(tx: WriteTx, secretName: string): Promise<void> {
  const { revision } = await tx.getScope(TENANT, TENANT_SCOPE);
  await tx.deleteSecret(TENANT, TENANT_SCOPE, name(secretName), revision + 1);
}

export function describeHeads(current: () => TestDatabase): void {
  describe('the heads of scopes that writes of one commit change', () => {
    let store: Store;
    let signed: string[];
    const write = <T>(body: (tx: WriteTx) => Promise<T>) => store.write(body, { tenant: TENANT });
    beforeEach(async () => {
      signed = [];
      store = signedStore(current().store, signerNoting(signed));
      await write(async (tx) => {
        await tx.insertTenant({ tenantId: TENANT, displayName: 'Acme', createTime: 1 });
        await tx.insertFlowConfig(TENANT, config(CONFIG, 'flow', 'default'));
      });
      signed.length = 0;
    });

    // However slow the machine is: a tenant's writes that take long share no commit (test/store/group-commit.test.ts).
    beforeEach(() => void jest.spyOn(performance, 'now').mockReturnValue(performance.now()));
    afterEach(() => void jest.mocked(performance.now).mockRestore());

    /** Each name with its version, as one who has seen nothing of the writes reads them: every row under its head. */
    async function found(scope: Scope = TENANT_SCOPE): Promise<Record<string, number>> {
      const fresh = signedStore(current().store, signerNoting([]));
      return fresh.read(async (tx) => {
        const rows = await tx.listSealedSecrets(TENANT, scope);
        const { names, bytes } = await tx.getScope(TENANT, scope);
        expect({ names, bytes }).toEqual({ names: rows.length, bytes: rows.length * 3 });
        expect((await tx.listSecrets(TENANT, scope, { limit: 1_000 })).map((row) => row.name)).toEqual(
          rows.map((row) => row.name),
        );
        return Object.fromEntries(rows.map((row) => [row.name, row.version]));
      });
    }

    it('are signed once for all of them, and each write has a version of its own', async () => {
      const versions = await Promise.all(['A', 'B', 'C', 'D'].map((one) => write((tx) => put(tx, one))));
      expect(versions).toEqual([1, 2, 3, 4]);
      expect(signed.filter((table) => table === 'scopes')).toHaveLength(1);
      expect(signed.filter((table) => table === 'secrets')).toHaveLength(4);
      expect(await found()).toEqual({ A: 1, B: 2, C: 3, D: 4 });
    });

    it('are without what a write did that was refused after it had changed them, whichever of them it was', async () => {
      const bad = async (tx: WriteTx) => {
        await put(tx, 'X');
        await put(tx, 'A');
        await remove(tx, 'A');
        await put(tx, 'A', OVERRIDES);
        throw refused;
      };
      const outcomes = await Promise.allSettled([
        write(bad),
        write((tx) => put(tx, 'A')),
        write(bad),
        write((tx) => put(tx, 'B')),
        write((tx) => put(tx, 'B', OVERRIDES)),
        write(bad),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual([
        'rejected',
        'fulfilled',
        'rejected',
        'fulfilled',
        'fulfilled',
        'rejected',
      ]);
      expect(await found()).toEqual({ A: 1, B: 2 });
      expect(await found(OVERRIDES)).toEqual({ B: 1 });
      await write((tx) => put(tx, 'C'));
      expect(await found()).toEqual({ A: 1, B: 2, C: 3 });
    });

    it('are signed for every other tenant where one’s cannot be', async () => {
      const other = parseTenantId('other');
      await store.write((tx) => tx.insertTenant({ tenantId: other, displayName: 'Other', createTime: 1 }));
      const honest = signerNoting([]);
      const failing: RowSigner = {
        ...honest,
        sign(table, statement) {
          if (table === 'scopes' && Buffer.from(statement).includes(other)) throw refused;
          return honest.sign(table, statement);
        },
      };
      const shared = signedStore(current().store, failing);
      const outcomes = await Promise.allSettled(
        [TENANT, other, TENANT].map((tenant, index) =>
          shared.write((tx) => put(tx, `S${index}`, TENANT_SCOPE, tenant), { tenant }),
        ),
      );
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(await found()).toEqual({ S0: 1, S2: 2 });
      expect(await store.read((tx) => tx.listSealedSecrets(other, TENANT_SCOPE))).toEqual([]);
    });

    it('fit the rows at any moment for a write that looks', async () => {
      const look = async (tx: WriteTx) =>
        (await tx.listSealedSecrets(TENANT, TENANT_SCOPE)).map((row) => row.name);
      const [, seen, refusal] = await Promise.allSettled([
        write((tx) => put(tx, 'A')),
        write(look),
        write(async (tx) => {
          await put(tx, 'B');
          expect(await look(tx)).toEqual(['A', 'B']);
          throw refused;
        }),
        write((tx) => put(tx, 'C')),
      ]);
      expect(seen).toMatchObject({ value: ['A'] });
      expect(refusal).toMatchObject({ reason: refused });
      expect(await found()).toEqual({ A: 1, C: 2 });
    });

    it('stay with a config whose deletion was refused, and end with one that was deleted', async () => {
      await Promise.allSettled([
        write((tx) => put(tx, 'A', OVERRIDES)),
        write(async (tx) => {
          await tx.deleteFlowConfig(TENANT, CONFIG, 9);
          throw refused;
        }),
        write((tx) => put(tx, 'B', OVERRIDES)),
      ]);
      expect(await found(OVERRIDES)).toEqual({ A: 1, B: 2 });
      await Promise.all([
        write((tx) => put(tx, 'C', OVERRIDES)),
        write((tx) => tx.deleteFlowConfig(TENANT, CONFIG, 9)),
      ]);
      expect(await found(OVERRIDES)).toEqual({});
    });

    it('fit what is left of any mixture of writes', async () => {
      const step = fc.record({
        kind: fc.constantFrom('put', 'delete', 'look'),
        name: fc.constantFrom('A', 'B', 'C'),
      });
      const body = fc.record({ steps: fc.array(step, { maxLength: 3 }), fails: fc.boolean() });
      const model = new Set<string>();
      const run = async (
        tx: WriteTx,
        { steps, fails }: { steps: { kind: string; name: string }[]; fails: boolean },
      ) => {
        const names = new Set(model);
        for (const one of steps) {
          if (one.kind === 'look') await tx.listSealedSecrets(TENANT, TENANT_SCOPE);
          else if (one.kind === 'put') await put(tx, one.name).then(() => names.add(one.name));
          else if (names.has(one.name)) await remove(tx, one.name).then(() => names.delete(one.name));
        }
        if (fails) throw refused;
        model.clear();
        for (const one of names) model.add(one);
      };
      await fc.assert(
        fc.asyncProperty(fc.array(body, { minLength: 1, maxLength: 5 }), async (bodies) => {
          await Promise.allSettled(bodies.map((one) => write((tx) => run(tx, one))));
          expect(Object.keys(await found())).toEqual([...model].sort());
        }),
        { numRuns: 40 },
      );
    });
  });
}
