/** SQLite's log beside a long reader: it grows while the reader needs it, and no longer. */

import { statSync } from 'node:fs';
import { Server } from '@grpc/grpc-js';
import { expect, it } from '@jest/globals';
import pino from 'pino';
import { TENANT_SCOPE } from '../../src/domain/scope';
import { addHealth } from '../../src/server/health';
import { eventually } from '../faults/fault-service';
import { secret, TENANT } from './rows';
import { sqliteFolder } from './sqlite-folder';

const disk = sqliteFolder();
const LIMIT_BYTES = 16 * 1024 * 1024;
const WARNED_OF_BYTES = 64 * 1024 * 1024;

it('A log that grew beside a long reader is told by health, and cut once the reader is gone', async () => {
  const lines: { readonly msg: string; readonly logBytes?: number }[] = [];
  const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const told = (what: RegExp) => lines.find(({ msg }) => what.test(msg));
  await disk.withStore(async (store) => {
    const logBytes = () => statSync(`${disk.path}-wal`).size;
    const put = (version: number) =>
      store.write((tx) =>
        tx.putSecret(TENANT, TENANT_SCOPE, secret('A', version, { ciphertext: new Uint8Array(60_000) })),
      );
    await put(1);
    let end = () => {};
    const reading = store.read(async (tx) => {
      await tx.getScope(TENANT, TENANT_SCOPE);
      await new Promise<void>((resolve) => (end = resolve));
    });
    const server = new Server();
    const health = addHealth(server, [], store, logger);
    let version = 2;
    while (logBytes() <= WARNED_OF_BYTES) await put(version++);
    expect(await store.checkHealth()).toMatchObject({ logBytes: logBytes() });
    await eventually(async () => expect(told(/^the write-ahead log .* grows/)?.logBytes).toBe(logBytes()));
    end();
    await reading;
    // The first write copies the log, the second begins it anew.
    await put(version++);
    await put(version++);
    expect(logBytes()).toBeLessThanOrEqual(LIMIT_BYTES);
    await eventually(async () => expect(told(/^the write-ahead log .* was cut again/)).toBeDefined());
    health.stop();
    server.forceShutdown();
  });
});
