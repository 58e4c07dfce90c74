/**
 * One suite for six languages: every vector through the real service, a real sidecar and the generated
 * node host, and through the generated mock. Prints one table.
 *
 * AXIOM_REQUIRE_LANGUAGES=python,go,… makes an absent toolchain a failure.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LANGUAGES, type Language } from '../../src/manifest/manifest';
import { languageSupport } from '../../src/sdkgen/languages';
import { BUILD_TIME_MS, isRequired, missingFor } from '../support/needs';
import { ConformancePackage, type Probed } from './conformance-package';
import { HostAtItsSocket, HOST_BEHAVIOURS } from './host-behaviours';
import { floodsOf } from './host-socket';
import { FLOW, NodeUnderTest, Platform, type ConformanceTenant } from './platform';
import { Table } from './table';
import { VECTORS, type ExpectedRead, type Vector } from './vectors';

const table = new Table();
let platform: Platform;
const tenants = new Map<string, Promise<ConformanceTenant>>();

beforeAll(async () => {
  platform = await Platform.start();
}, BUILD_TIME_MS);

afterAll(async () => {
  await platform.stop();
  process.stderr.write(table.toString());
});

/** Languages share a vector's tenant, but for one whose secrets are taken away. */
function tenantOf(vector: Vector): Promise<ConformanceTenant> {
  if (vector.revoke.length > 0) return platform.tenantOf(vector);
  const tenant = tenants.get(vector.id) ?? platform.tenantOf(vector);
  tenants.set(vector.id, tenant);
  return tenant;
}

function expectReadings({ readings }: Probed, reads: readonly ExpectedRead[]): void {
  expect(
    readings.map((reading) => ({ ...reading, value: Buffer.from(reading.value).toString('hex') })),
  ).toMatchObject(
    reads.map(({ name, value, status }) => ({
      ...{ name, status, found: status === 'available' },
      value: Buffer.from(value).toString('hex'),
    })),
  );
}

/** What `axiom sidecar --max-calls` is by default. */
const CALLS_AT_ONCE = 4_000;

const API_KEY = 'sk-cAnArY-of-the-conformance-suite';
const withKey = (value: string): Vector => ({
  ...{ id: value, secrets: new Map([['API_KEY', value]]), overrides: new Map(), revoke: [], reads: [] },
});

describe.each(LANGUAGES)('%s: node code sees its secrets as the vectors say', (language: Language) => {
  const missing = missingFor(language);
  let pkg: ConformancePackage;
  let node: NodeUnderTest;

  beforeAll(async () => {
    if (missing !== undefined) return;
    pkg = await ConformancePackage.build(language, languageSupport(language));
    node = await NodeUnderTest.start(pkg, platform);
  }, BUILD_TIME_MS);

  afterAll(() => node?.stop(), 60_000);

  const fact = (name: string, body: () => Promise<void>): void => {
    if (missing !== undefined && !isRequired(language)) {
      table.skip(name, language, missing);
      return void it.skip(name, () => undefined);
    }
    it(
      name,
      async () => {
        table.record(name, language, 'FAIL');
        if (node === undefined) throw new Error('the conformance package was not built; see above');
        await body();
        table.record(name, language, 'PASS');
      },
      BUILD_TIME_MS,
    );
  };
  const start = async (vector: Vector): Promise<string> => platform.startExecution(await tenantOf(vector));

  fact('the generated mock obeys every vector', async () => {
    expect(await pkg.testFailure()).toBeUndefined();
  });

  for (const vector of VECTORS.filter(({ revoke }) => revoke.length === 0)) {
    fact(vector.id, async () => {
      const token = await start(vector);
      const names = vector.reads.map(({ name }) => name);
      const probed = await node.invoke(token, 'Probe', { names });
      expectReadings(probed, vector.reads);
      expect([probed.tenantId, probed.flowId]).toEqual([(await tenantOf(vector)).tenantId, FLOW]);
      // A pipeline's handler sees the same, also after its first message.
      const [first, second, ...more] = await node.pipeline(token, 'ProbeEach', [{ names: [] }, { names }]);
      expect([first?.readings, more]).toEqual([[], []]);
      expectReadings(second ?? probed, vector.reads);
      expect(second).toBeDefined();
    });
  }

  for (const vector of VECTORS.filter(({ revoke }) => revoke.length > 0)) {
    fact(vector.id, async () => {
      const tenant = await tenantOf(vector);
      const token = await platform.startExecution(tenant);
      const names = vector.reads.map(({ name }) => name);
      const before = await node.invoke(token, 'Probe', { names: vector.revoke });
      expect(before.readings.every(({ found }) => found)).toBe(true);
      for (const name of vector.revoke) await platform.revoke(tenant, name);
      const until = Date.now() + 60_000;
      for (;;) {
        const after = await node.invoke(token, 'Probe', { names });
        if (after.readings.some(({ status }) => status === 'revoked') || Date.now() > until) {
          expectReadings(after, vector.reads);
          return;
        }
        await sleep(50);
      }
    });
  }

  fact('concurrent executions of two tenants never cross', async () => {
    const values = ['value of one', 'value of two'];
    const tokens = await Promise.all(values.map((value) => start(withKey(value))));
    const names = Array.from({ length: 5 }, () => 'API_KEY');
    const calls = Array.from({ length: 40 }, async (_, i) => {
      const token = tokens[i % 2] ?? '';
      const input = { names, waitMs: 5 };
      const replies =
        i % 4 < 2
          ? [await node.invoke(token, 'Probe', input)]
          : await node.pipeline(token, 'ProbeEach', [input, input]);
      return replies.flatMap((reply) =>
        reply.readings.map(({ value }) => [i % 2, Buffer.from(value).toString()]),
      );
    });
    for (const [which, value] of (await Promise.all(calls)).flat())
      expect(value).toBe(values[which as number]);
  });

  fact('a value that node code logs is masked', async () => {
    const probed = await node.invoke(await start(withKey(API_KEY)), 'Probe', {
      names: ['API_KEY'],
      logValues: true,
    });
    expect(Buffer.from(probed.readings[0]?.value ?? []).toString()).toBe(API_KEY);
    const records = node.logLines.filter((line) => line.includes('read [REDACTED]'));
    expect(JSON.parse(records[0] ?? '{}')).toMatchObject({
      node: 'Probe',
      attributes: { value: '[REDACTED]' },
    });
  });

  fact("a handler's typed error reaches the caller, masked", async () => {
    const call = node.invoke(await start(withKey(API_KEY)), 'Fail', { names: ['typed'] });
    await expect(call).rejects.toMatchObject({
      codeName: 'FAILED_PRECONDITION',
      message: 'no more calls with [REDACTED]',
    });
  });

  fact('any other failure is one fixed sentence', async () => {
    const call = node.invoke(await start(withKey(API_KEY)), 'Fail', { names: ['untyped'] });
    await expect(call).rejects.toMatchObject({
      codeName: 'INTERNAL',
      message: 'The node failed; its log has the reason.',
    });
  });

  fact('an input of 6 MiB', async () => {
    const name = 'x'.repeat(6 * 1024 * 1024);
    const probed = await node.invoke(await start(withKey(API_KEY)), 'Probe', { names: [name] });
    expect([probed.readings[0]?.name.length, probed.readings[0]?.status]).toEqual([name.length, 'unset']);
  });

  fact('cancellation', async () => {
    const token = await start(withKey(API_KEY));
    const hanging = (): number => node.logLines.filter((line) => line.includes('hanging')).length;
    const before = hanging();
    const abort = new AbortController();
    const call = node.invoke(token, 'Hang', { waitMs: 20_000 }, abort.signal);
    const outcome = expect(call).rejects.toMatchObject({ codeName: 'CANCELLED' });
    while (hanging() === before) await sleep(20);
    abort.abort();
    await outcome;
    expect((await node.invoke(token, 'Probe', { names: ['API_KEY'] })).readings[0]?.found).toBe(true);
  });

  fact('as many calls at once as a sidecar lets through are answered', async () => {
    const socket = node.hostSocket();
    expect(await socket.describe(CALLS_AT_ONCE)).toBe(CALLS_AT_ONCE);
    socket.close();
  });

  fact('a host sends no PING of its own for what it is asked', async () => {
    const socket = node.hostSocket();
    expect(await socket.pingsDuring(10)).toBe(0);
    socket.close();
  });

  fact('hundreds of invocations that wait keep no other from its turn', async () => {
    const socket = node.hostSocket();
    const abort = new AbortController();
    const hang = () => socket.invoke('Hang', pkg.encode({ waitMs: 3_600_000 }), abort.signal);
    const waiting = Promise.allSettled(Array.from({ length: 600 }, hang));
    const output = await socket.invoke('Probe', pkg.encode({ names: [] }));
    expect(pkg.decode(output)).toMatchObject({ executionId: 'e', tenantId: 't', readings: [] });
    abort.abort();
    const outcomes = await waiting;
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['rejected']));
    socket.close();
  });

  fact('floods of HTTP/2 frames leave it as it was', async () => {
    const socket = node.hostSocket();
    expect(await socket.flood(floodsOf(language))).toEqual([]);
    socket.close();
    const probed = await node.invoke(await start(withKey(API_KEY)), 'Probe', { names: ['API_KEY'] });
    expect(probed.readings[0]?.found).toBe(true);
  });

  for (const { name, languages, shows } of HOST_BEHAVIOURS) {
    if (languages?.includes(language) === false) continue;
    fact(name, async () => {
      const host = new HostAtItsSocket(pkg, node);
      await shows(host).finally(() => host.client.close());
    });
  }

  fact('host killed mid-call', async () => {
    const token = await start(withKey(API_KEY));
    const hanging = (): number => node.logLines.filter((line) => line.includes('hanging')).length;
    const before = hanging();
    const found = node.timesFound;
    const call = node.invoke(token, 'Hang', { waitMs: 20_000 });
    const outcome = expect(call).rejects.toMatchObject({ codeName: 'UNAVAILABLE' });
    while (hanging() === before) await sleep(20);
    await node.killHost();
    await outcome;
    await node.startHost();
    while (node.timesFound === found) await sleep(20);
    expect((await node.invoke(token, 'Probe', { names: ['API_KEY'] })).readings[0]?.found).toBe(true);
  });

  fact('no value in what the host or the sidecar printed, and a clean exit', async () => {
    expect(await node.stopHost()).toBe(0);
    expect(node.hostOutput).not.toContain('cAnArY');
    expect(node.logLines.join('')).not.toContain('cAnArY');
  });
});
