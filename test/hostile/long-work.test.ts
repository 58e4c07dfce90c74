/** Work that one tenant can make long keeps no other tenant waiting. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dataDirAt } from '../../src/server/data-dir';
import { openSqliteStore } from '../../src/store/sqlite/open';
import { doorsOf, target, withApiKey } from './target';
import { grpcVictim } from './victim';
import { beside, startWithVictim } from './beside';
import { bytes } from '../support/clients';
import { entry, reads } from '../store/rows';

let service: Awaited<ReturnType<typeof startWithVictim>>;

beforeAll(async () => {
  service = await startWithVictim();
});

afterAll(() => service.stop());

/** Each of them is compared with each. */
const NAMES = 120;
/** More than are read in a slice. */
const EVENTS = 30_000;

/**
 * How many of the victim's calls are answered beside pieces of work that are each done in one go: one before each, one
 * after it and, since calls and work take several turns, one more. In slices it is hundreds.
 */
const inOneGo = (pieces: number): number => 3 * pieces;

const victimLists = () => service.doors.secrets.listSecretNames({}, service.victim);

describe('A viewer waits for no other tenant', () => {
  it('that publishes manifests which YAML aliases make large', async () => {
    const names = Array.from({ length: 5_000 }, (_, i) => `K${i}`).join(', ');
    const nodes = Array.from(
      { length: 400 },
      (_, i) => `  - {name: N${i}, input: A, output: B, required_secrets: *s}\n`,
    );
    const manifest = bytes(
      `name: my-org/large\nversion: 1.0.0\nlanguage: python\nx: &s [${names}]\nnodes:\n${nodes.join('')}`,
    );
    const publish = () => service.doors.packages.publishPackage({ manifest }, service.attacker);
    const attack = Promise.allSettled(Array.from({ length: 5 }, publish));
    const { answers, outcome } = await beside(victimLists, attack);
    expect(answers).toBeGreaterThan(inOneGo(5));
    expect(outcome.map((one) => one.status === 'rejected' && String(one.reason))).toEqual(
      Array.from({ length: 5 }, () => expect.stringContaining('more than 50000 values')),
    );
    expect((await service.doors.packages.listPackages({}, service.victim)).packages).toEqual([]);
  });

  it('that lists its missed names, each to be compared with all of its names, twenty times at once', async () => {
    await missManyNames();
    const list = () => service.doors.usage.listMissedReads({ pageSize: 1_000 }, service.attacker);
    const attack = Promise.allSettled(Array.from({ length: 20 }, list));
    const { answers, outcome } = await beside(victimLists, attack);
    expect(answers).toBeGreaterThan(inOneGo(20));
    expect(outcome.map((one) => one.status)).toEqual(Array.from({ length: 20 }, () => 'fulfilled'));
  });
});

describe('A viewer waits little', () => {
  it('for a tenant that lists large packages, again and again and many times at once', async () => {
    const names = Array.from({ length: 60 }, (_, i) => `KEY_${i}`).join(', ');
    const nodes = Array.from(
      { length: 60 },
      (_, i) => `  - {name: N${i}, input: A, output: B, required_secrets: [${names}]}\n`,
    );
    for (let i = 0; i < 20; i++) {
      const manifest = bytes(
        `name: my-org/listed-${i}\nversion: 1.0.0\nlanguage: python\nnodes:\n${nodes.join('')}`,
      );
      await service.doors.packages.publishPackage({ manifest }, service.attacker);
    }
    const lists = target('lists', service.info.management.address, {
      ...withApiKey(doorsOf(service.info).management, service.info),
      path: '/axiom.packages.v1.PackagesService/ListPackages',
    });
    // Their answers are not decoded: that would be this process's time, in which the victim's calls wait too.
    const attackers = Array.from({ length: 20 }, () => grpcVictim(lists));
    const attack = Promise.allSettled(attackers.map((one) => one.call()));
    const { answers, outcome } = await beside(victimLists, attack);
    for (const one of attackers) one.close();
    expect(outcome.map((one) => one.status)).toEqual(attackers.map(() => 'fulfilled'));
    expect(answers).toBeGreaterThan(inOneGo(20));
  });
});

describe('An engine waits for nobody', () => {
  it('while the operator verifies a tenant with a long audit log', async () => {
    const store = await openSqliteStore({ path: dataDirAt(service.info.dataDir).store });
    await store.write(async (tx) => {
      for (let i = 0; i < EVENTS; i++) await tx.appendAudit(service.attackerId, entry({}));
    });
    await store.close();
    const start = () => service.engine.executions.startExecution({ tenantId: 'victim', flowId: 'flow' });
    await start();
    const verify = service.operator.maintenance.verifyTenant(
      { tenantId: 'default' },
      { deadline: Date.now() + 60_000 },
    );
    const { answers, outcome } = await beside(start, verify);
    expect(outcome.auditEventCount).toBeGreaterThanOrEqual(BigInt(EVENTS));
    expect(answers).toBeGreaterThan(inOneGo(1));
  });
});

/** As far apart as names of one length can be, so that each pair has to be compared. */
async function missManyNames(): Promise<void> {
  const long = (i: number, letters: string) => `N${i}_`.padEnd(128, letters);
  // By the door: the service lists only what it has signed.
  await Promise.all(
    Array.from({ length: NAMES }, (_, i) =>
      service.doors.secrets.addSecret(
        { name: long(i, 'AB'), content: { case: 'value', value: bytes('v') } },
        service.attacker,
      ),
    ),
  );
  const store = await openSqliteStore({ path: dataDirAt(service.info.dataDir).store });
  await store.write(async (tx) => {
    for (let i = 0; i < NAMES; i++)
      await tx.addReads(service.attackerId, [reads(long(i, 'BA'), false, i + 1, 1)]);
  });
  await store.close();
}
