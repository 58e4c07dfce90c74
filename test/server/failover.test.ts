/** The primary dies and its synchronous standby takes over, under the load of two services: nothing acknowledged is lost. */

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { missingPostgres, PostgresServer } from '../store/postgres-server';
import { as, bytes, executionClients, managementClients } from '../support/clients';
import { describeIf } from '../support/needs';
import { startTestService, type TestService } from '../support/service';

/** A failure that a client may see while the database changes hands; anything else is a fault of ours. */
const MAY_FAIL = ['UNAVAILABLE', 'DEADLINE_EXCEEDED'];

interface Load {
  /** By name: the versions that were acknowledged, in order. */
  readonly acknowledged: Map<string, bigint[]>;
  readonly wrong: string[];
  stop(): Promise<void>;
}

/** Replaces one secret after another through this service and starts executions beside, until it is stopped. */
function load(service: TestService, key: string, names: readonly string[]): Load {
  const admin = managementClients(service);
  const engine = executionClients(service, 'engine');
  const sidecar = executionClients(service, 'sidecar');
  const acknowledged = new Map<string, bigint[]>(names.map((name) => [name, []]));
  const wrong: string[] = [];
  let stopped = false;
  const repeat = async (body: () => Promise<void>) => {
    while (!stopped) {
      await body().catch(async (error: { codeName?: string; message?: string }) => {
        if (!MAY_FAIL.includes(error.codeName ?? '')) wrong.push(`${error.codeName}: ${error.message}`);
        await sleep(50);
      });
    }
  };
  const loops = [
    ...names.map((name) =>
      repeat(async () => {
        const { receipt } = await admin.secrets.replaceSecret(
          { name, content: { case: 'value', value: bytes(`${Date.now()}`) } },
          as(key),
        );
        acknowledged.get(name)?.push(receipt?.version ?? 0n);
      }),
    ),
    repeat(async () => {
      const { executionToken } = await engine.executions.startExecution({ tenantId: 'default', flowId: 'f' });
      const first = await sidecar.secrets.resolveForExecution({ executionToken });
      const second = await sidecar.secrets.resolveForExecution({ executionToken });
      if (first.receipt?.tenantRevision !== second.receipt?.tenantRevision) wrong.push('two revisions');
      if (Object.keys(first.secrets).length < names.length) wrong.push('a name is missing');
      await engine.executions.endExecution({ executionToken });
    }),
  ];
  return {
    acknowledged,
    wrong,
    async stop() {
      stopped = true;
      await Promise.all(loops);
      for (const client of [admin, engine, sidecar]) client.close();
    },
  };
}

/** Milliseconds until a write through the service is acknowledged. */
async function recovery(service: TestService, key: string): Promise<number> {
  const since = performance.now();
  const admin = managementClients(service);
  for (;;) {
    const done = await admin.secrets
      .replaceSecret({ name: 'PROBE', content: { case: 'value', value: bytes('x') } }, as(key))
      .then(() => true)
      .catch(() => false);
    if (done) break;
    await sleep(20);
  }
  admin.close();
  return performance.now() - since;
}

describeIf(missingPostgres(), false, 'High availability', () => {
  it('loses no acknowledged write when the primary is killed and its standby promoted', async () => {
    const primary = await PostgresServer.start(['wal_level=replica', 'max_wal_senders=5', 'fsync=on']);
    const database = await primary.createDatabase();
    const standby = await primary.standby();
    await primary.set('synchronous_standby_names', '*');
    const folder = mkdtempSync(join(tmpdir(), 'axiom-failover-'));
    const postgresUrlFile = join(folder, 'url');
    writeFileSync(postgresUrlFile, `${PostgresServer.urlOf([primary, standby], database)}\n`);
    chmodSync(postgresUrlFile, 0o600);
    const first = await startTestService({ postgresUrlFile });
    const second = await startTestService({ postgresUrlFile }, first.dir.root);
    const key = first.adminApiKey;
    const admin = managementClients(second);
    for (const name of ['A', 'B', 'C', 'D', 'PROBE']) {
      await admin.secrets.addSecret({ name, content: { case: 'value', value: bytes('first') } }, as(key));
    }
    const loads = [load(first, key, ['A', 'B']), load(second, key, ['C', 'D'])];
    const isBusy = () =>
      loads.every((one) => [...one.acknowledged.values()].every((versions) => versions.length > 2));
    while (!isBusy()) await sleep(50);
    await primary.kill();
    await standby.promote();
    const times = await Promise.all([recovery(first, key), recovery(second, key)]);
    await sleep(1_000);
    await Promise.all(loads.map((one) => one.stop()));

    expect(loads.flatMap((one) => one.wrong)).toEqual([]);
    const { secrets } = await admin.secrets.listSecretNames({}, as(key));
    for (const { acknowledged } of loads) {
      for (const [name, versions] of acknowledged) {
        expect(versions.length).toBeGreaterThan(2);
        // Later versions are greater, and what was acknowledged last is there, or what came after it.
        expect([...versions].sort((a, b) => Number(a - b))).toEqual(versions);
        const stands = secrets.find((one) => one.name === name)?.version ?? 0n;
        expect(stands).toBeGreaterThanOrEqual(versions.at(-1) ?? 0n);
      }
    }
    const writes = loads.flatMap((one) => [...one.acknowledged.values()]).flat().length;
    process.stderr.write(
      `failover: ${writes} acknowledged writes, none lost; writes again ${times.map((ms) => `${Math.round(ms)} ms`).join(' and ')} after the standby was promoted\n`,
    );
    admin.close();
    await second.stop();
    await first.stop().catch(() => undefined);
    await standby.stop();
    await primary.stop();
    rmSync(folder, { recursive: true, force: true });
  });
});
