/** A crash at any instant loses no acknowledged write: `kill -9` of either process of a real `axiom serve`. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ExecutionsService } from '../../src/gen/axiom/executions/v1/executions_pb';
import { SecretsService } from '../../src/gen/axiom/secrets/v1/secrets_pb';
import type { ServiceInfo } from '../../src/server/service';
import { dataDirAt } from '../../src/server/data-dir';
import { openChannel, wireClient } from '../../src/wire/client';
import { startServeProcess, type ServeProcess } from '../support/serve-process';

const ROUNDS = 4;
/** Adds at a time, so that several share a commit and a head. */
const WRITERS = 8;
/** Somewhere inside the first writes: after fewer acknowledged ones than this, and so many milliseconds more. */
const KILL_WITHIN_WRITES = 60;
const KILL_WITHIN_MS = 5;

const folder = mkdtempSync(join(tmpdir(), 'axiom-kill-'));
let serve: ServeProcess | undefined;

afterEach(async () => {
  await serve?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<ServiceInfo> {
  serve = await startServeProcess(folder);
  return serve.info;
}

const nameOf = (index: number) => `SECRET_${String(index).padStart(4, '0')}`;

describe('A crash at any instant loses no acknowledged write', () => {
  it('keeps every acknowledged secret when both processes and their parent are killed under writes', async () => {
    const acknowledged = new Map<string, string>();
    const attempted = new Map<string, string>();
    for (let round = 0; round < ROUNDS; round++) {
      const info = await start();
      const door = managementDoor(info);
      const kill = () => {
        for (const pid of [info.management.pid, info.execution.pid]) process.kill(pid, 'SIGKILL');
        serve?.child.kill('SIGKILL');
      };
      let untilKill = Math.floor(Math.random() * KILL_WITHIN_WRITES);
      let index = 0;
      const addUntilKilled = async () => {
        while (index < 300) {
          const name = nameOf(round * 300 + index++);
          attempted.set(name, `value of ${name}`);
          await door.add(name, `value of ${name}`);
          acknowledged.set(name, `value of ${name}`);
          if (untilKill-- === 0) setTimeout(kill, Math.random() * KILL_WITHIN_MS);
        }
      };
      // The service dies under them: what was not acknowledged may be there or not.
      await Promise.allSettled(Array.from({ length: WRITERS }, addUntilKilled));
      door.close();
      await serve?.stop('SIGKILL');
    }
    const info = await start();
    const resolved = await resolveAll(info);
    for (const [name, value] of acknowledged) expect([name, resolved.get(name)]).toEqual([name, value]);
    for (const [name, value] of resolved) expect([name, value]).toEqual([name, attempted.get(name)]);
    expect(acknowledged.size).toBeGreaterThan(0);
  });

  it('goes on serving at the same addresses when one process is killed', async () => {
    const info = await start();
    const door = managementDoor(info);
    await door.add('BEFORE', 'kept');
    process.kill(info.execution.pid, 'SIGKILL');
    process.kill(info.management.pid, 'SIGKILL');
    await eventually(() => door.add('AFTER', 'kept too'));
    await eventually(async () => {
      const resolved = await resolveAll(info);
      expect(Object.fromEntries(resolved)).toEqual({ BEFORE: 'kept', AFTER: 'kept too' });
    });
    door.close();
  });
});

function managementDoor(info: ServiceInfo) {
  const channel = openChannel({
    address: info.management.address,
    tls: { ca: readFileSync(info.caCertificate) },
  });
  const secrets = wireClient(SecretsService, channel);
  const apiKey = readFileSync(info.adminApiKeyFile, 'utf8').trim();
  return {
    add: (name: string, value: string) =>
      secrets.addSecret(
        { name, content: { case: 'value', value: Buffer.from(value) } },
        { metadata: { authorization: `Bearer ${apiKey}` }, deadline: Date.now() + 30_000 },
      ),
    close: () => channel.close(),
  };
}

async function resolveAll(info: ServiceInfo): Promise<Map<string, string>> {
  const { workloads } = dataDirAt(info.dataDir);
  const channelAs = (name: string) => {
    const { certificate, key } = workloads.pair(name);
    const proof = { cert: readFileSync(certificate), key: readFileSync(key) };
    return openChannel({
      address: info.execution.address,
      tls: { ca: readFileSync(info.caCertificate), ...proof },
    });
  };
  const [engine, sidecar] = [channelAs('engine'), channelAs('sidecar')];
  try {
    const deadline = Date.now() + 60_000;
    const started = await wireClient(ExecutionsService, engine).startExecution(
      { tenantId: 'default', flowId: 'f' },
      { deadline },
    );
    const { executionToken } = started;
    const { secrets } = await wireClient(SecretsService, sidecar).resolveForExecution(
      { executionToken },
      { deadline },
    );
    return new Map(
      Object.entries(secrets).map(([name, secret]) => [name, Buffer.from(secret.value).toString()]),
    );
  } finally {
    engine.close();
    sidecar.close();
  }
}

/** The restarted process needs a moment; the last failure is the test's. */
async function eventually(body: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await body();
      return;
    } catch (error) {
      if (attempt >= 240) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}
