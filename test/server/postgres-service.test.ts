/** The service on PostgreSQL: the same way of one secret, and two replicas of the service on one database. */

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { missingPostgres, PostgresServer } from '../store/postgres-server';
import { as, bytes, executionClients, managementClients } from '../support/clients';
import { startTestService } from '../support/service';

describe('PostgreSQL, when one machine is outgrown', () => {
  if (missingPostgres() !== undefined) {
    it.skip('is skipped: this machine has no PostgreSQL server', () => undefined);
    return;
  }

  it('holds what SQLite holds, for every replica of the service', async () => {
    const postgres = await PostgresServer.start();
    const folder = mkdtempSync(join(tmpdir(), 'axiom-pg-url-'));
    const postgresUrlFile = join(folder, 'url');
    writeFileSync(postgresUrlFile, `${postgres.url(await postgres.createDatabase())}\n`);
    chmodSync(postgresUrlFile, 0o600);
    const first = await startTestService({ postgresUrlFile });
    // A replica has the same keys and certificates: here, the same data folder.
    const second = await startTestService({ postgresUrlFile }, first.dir.root);
    const admin = managementClients(first);
    const engine = executionClients(second, 'engine');
    const sidecar = executionClients(second, 'sidecar');
    try {
      const key = as(first.adminApiKey);
      await admin.secrets.addSecret(
        { name: 'A', content: { case: 'value', value: bytes('one\nline ü') } },
        key,
      );
      const { executionToken } = await engine.executions.startExecution({ tenantId: 'default', flowId: 'f' });
      await admin.secrets.deleteSecret({ name: 'A' }, key);
      const { secrets } = await sidecar.secrets.resolveForExecution({ executionToken });
      expect(Buffer.from(secrets['A']?.value ?? []).toString()).toBe('one\nline ü');
      const reads = [
        { name: 'A', found: true, package: 'a/b', packageVersion: '1.0.0', node: 'N', count: 1 },
      ];
      await sidecar.executions.reportReads({ executions: [{ executionToken, reads }] });
      const { events } = await admin.audit.listAuditEvents({}, key);
      expect(events.map((event) => event.action)).toEqual([
        ...[
          'secret.read',
          'execution.resolve',
          'secret.delete',
          'execution.start',
          'secret.add',
          'tenant.create',
        ],
      ]);
    } finally {
      for (const client of [admin, engine, sidecar]) client.close();
      await second.stop();
      await first.stop().catch(() => undefined);
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
