/** The end of a real `axiom serve`: whatever its processes wrote last is under a checkpoint, and a kill loses no event. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import BetterSqlite3 from 'better-sqlite3';
import { AccessService, Role } from '../../src/gen/axiom/access/v1/access_pb';
import { AuditService } from '../../src/gen/axiom/audit/v1/audit_pb';
import { MaintenanceService } from '../../src/gen/axiom/maintenance/v1/maintenance_pb';
import { SecretsService } from '../../src/gen/axiom/secrets/v1/secrets_pb';
import { dataDirAt } from '../../src/server/data-dir';
import { openChannel, wireClient } from '../../src/wire/client';
import { startServeProcess, type ServeProcess } from '../support/serve-process';

let folder: string;
let serve: ServeProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'axiom-last-checkpoint-'));
});
afterEach(async () => {
  await serve?.stop('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const start = async (flags: readonly string[] = []) =>
  (serve = await startServeProcess(folder, process.env, undefined, { flags }));

function member({ info }: ServeProcess) {
  const channel = openChannel({
    address: info.management.address,
    tls: { ca: readFileSync(info.caCertificate) },
  });
  const as = (apiKey: string) => ({
    metadata: { authorization: `Bearer ${apiKey}` },
    deadline: Date.now() + 250_000,
  });
  const admin = as(readFileSync(info.adminApiKeyFile, 'utf8').trim());
  const secrets = wireClient(SecretsService, channel);
  return {
    ...{ as, admin, secrets, channel },
    add: (name: string) =>
      secrets.addSecret({ name, content: { case: 'value', value: Buffer.from('x') } }, admin),
  };
}

/** What the store says of the tenant's log: its newest event, and what its newest checkpoint covers. */
function ends() {
  const database = new BetterSqlite3(dataDirAt(folder).store, { readonly: true });
  const one = (sql: string) => database.prepare(sql).pluck().get() as number;
  const found = {
    newest: one("select max(sequence) from audit_events where tenant_id = 'default'"),
    signed: one("select max(size) from audit_checkpoints where tenant_id = 'default'"),
  };
  database.close();
  return found;
}

describe('A service that is stopped', () => {
  it.each([
    ['two processes', []],
    ['several workers', ['--workers', '2']],
  ])('has the last events of %s under its last checkpoint', async (_, flags) => {
    const service = await start(flags);
    const { secrets, as, admin, add, channel } = member(service);
    const { rawKey } = await wireClient(AccessService, channel).createApiKey(
      { displayName: 'viewer', role: Role.VIEWER },
      admin,
    );
    // The second refusal is counted, and written at the end.
    for (let times = 0; times < 2; times++)
      await expect(secrets.deleteSecret({ name: 'A' }, as(rawKey))).rejects.toMatchObject({ code: 7 });
    const adds = Array.from({ length: 100 }, (_, index) => add(`LATE_${index}`).catch(() => undefined));
    await adds[0];
    expect(await service.stop()).toBe(0);
    await Promise.all(adds);
    channel.close();
    const { newest, signed } = ends();
    expect(newest).toBeGreaterThan(4);
    expect(signed).toBe(newest);
  });
});

describe('A service that is killed', () => {
  it('has every acknowledged event in its log, whole from any checkpoint that was kept before', async () => {
    const acknowledged: string[] = [];
    let note = '';
    for (let round = 0; round < 2; round++) {
      const service = await start();
      const { add, admin, channel } = member(service);
      await add(`FIRST_${round}`);
      acknowledged.push(`FIRST_${round}`);
      const audit = wireClient(AuditService, channel);
      // The first is signed within seconds of the first event.
      const newest = () => audit.getAuditCheckpoint({}, admin).catch(() => undefined);
      do note = (await newest())?.note ?? (await sleep(50, ''));
      while (note === '');
      setTimeout(
        () => {
          const { management, execution } = service.info;
          for (const pid of [management.pid, execution.pid]) process.kill(pid, 'SIGKILL');
          service.child.kill('SIGKILL');
        },
        50 + Math.random() * 200,
      );
      for (let index = 0; index < 400; index++) {
        const name = `R${round}_${index}`;
        if (
          !(await add(name).then(
            () => true,
            () => false,
          ))
        )
          break;
        acknowledged.push(name);
      }
      channel.close();
      await service.stop('SIGKILL');
    }
    const service = await start();
    const { admin, channel } = member(service);
    const audit = wireClient(AuditService, channel);
    const added = new Set<string>();
    for (let pageToken = ''; ;) {
      const page = await audit.listAuditEvents({ action: 'secret.add', pageSize: 500, pageToken }, admin);
      for (const { resource } of page.events) added.add(resource);
      pageToken = page.nextPageToken;
      if (pageToken === '') break;
    }
    expect(acknowledged.filter((name) => !added.has(name))).toEqual([]);
    const operator = openChannel({ address: `unix:${service.info.operatorSocket}` });
    const maintenance = wireClient(MaintenanceService, operator);
    expect((await maintenance.verifyTenant({ tenantId: 'default' })).faults).toEqual([]);
    expect((await maintenance.verifyServiceLog({})).faults).toEqual([]);
    expect((await maintenance.verifyCheckpoint({ note })).faults).toEqual([]);
    operator.close();
    channel.close();
  });
});
