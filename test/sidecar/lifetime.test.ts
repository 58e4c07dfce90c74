import { status } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from '@jest/globals';
import { HealthClient } from './support/health';
import { startRig, until, type Rig } from './support/rig';
import type { FakeHandler } from './support/fake-node-host';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
/** Lets the handler that waits go on; undefined while none does. */
let release: (() => void) | undefined;
const isWaiting = (): boolean => release !== undefined;
const handlers: Record<string, FakeHandler> = {
  Read: ({ get, input }) => JSON.stringify(get(input)),
  ReadTwice: ({ get }) => JSON.stringify([get('A'), get('A'), get('MISSING')]),
  Lie: ({ read }) => {
    read('A', false);
    read('MISSING', true);
    read(`${'x'.repeat(200)}`, true);
    return 'done';
  },
  Revoked: ({ context }) => JSON.stringify([Object.keys(context.secrets), context.revokedSecretNames]),
  Wait: async () => {
    await new Promise<void>((resolve) => (release = resolve));
    return 'done';
  },
  LogLater: async ({ log, get }) => {
    const [value] = get('A');
    await new Promise<void>((resolve) => (release = resolve));
    log(`it was ${value}`);
    return 'done';
  },
};

describe('a sidecar holds what an execution pinned, until it ends', () => {
  let rig: Rig;
  afterEach(() => {
    release = undefined;
    return rig.stop();
  });

  const start = async (): Promise<void> => {
    rig = await startRig(handlers);
    const secrets = { A: 'value-of-a', B: 'value-of-b' };
    rig.service.executions.set('tok', { executionId: 'ex', tenantId: 'acme', secrets });
  };
  const invoke = async (node: string, input = 'A', token = 'tok'): Promise<string> =>
    text((await rig.engine.invoke({ executionToken: token, node, input: Buffer.from(input) })).output);

  it('reports which names were read, counted, by node and package, found or not', async () => {
    await start();
    await Promise.all([invoke('ReadTwice'), invoke('ReadTwice')]);
    await until(() => rig.service.reads.reduce((sum, read) => sum + read.count, 0) === 6);
    const totals = new Map<string, number>();
    for (const read of rig.service.reads) {
      expect(read).toMatchObject({
        token: 'tok',
        package: 'acme/greeter',
        packageVersion: '1.0.0',
        node: 'ReadTwice',
      });
      const key = `${read.name} ${read.found}`;
      totals.set(key, (totals.get(key) ?? 0) + read.count);
    }
    expect(Object.fromEntries(totals)).toEqual({ 'A true': 4, 'MISSING false': 2 });
  });

  it('never reports a value that node code asked for as if it were a name', async () => {
    await start();
    await invoke('Read', 'value-of-a');
    await until(() => rig.service.reads.length > 0);
    expect(rig.service.reads[0]?.name).toBe('[REDACTED]');
  });

  it('takes a revoked name from invocations to come and tells the node that it was revoked', async () => {
    await start();
    expect(await invoke('Read')).toBe('["value-of-a",true]');
    (rig.service.executions.get('tok') ?? ({} as never)).revokedNames = ['A'];
    const reports = rig.service.reports;
    await until(() => rig.service.reports >= reports + 2);
    expect(await invoke('Read')).toBe('["",false]');
    expect(JSON.parse(await invoke('Revoked'))).toEqual([['B'], ['A']]);
  });

  it('forgets an execution that has ended, and asks the service when its token comes again', async () => {
    await start();
    await invoke('Read');
    (rig.service.executions.get('tok') ?? ({} as never)).active = false;
    await until(() => rig.service.ended > 0);
    // The report's answer is still on its way to the sidecar.
    let failure: unknown;
    while (failure === undefined)
      failure = await invoke('Read').then(
        () => undefined,
        (error: unknown) => error,
      );
    expect(failure).toMatchObject({ codeName: 'UNAUTHENTICATED' });
    expect(rig.service.resolutions).toHaveLength(2);
  });

  it('still masks what a handler logs that outlives its execution', async () => {
    await start();
    const call = invoke('LogLater');
    await until(() => rig.service.reads.length > 0);
    (rig.service.executions.get('tok') ?? ({} as never)).active = false;
    await until(() => rig.service.ended > 0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    release?.();
    await call;
    expect(rig.logLines.join('')).toContain('it was [REDACTED]');
    expect(rig.logLines.join('')).not.toContain('value-of-a');
  });

  it('says itself what was found, whatever the host says', async () => {
    await start();
    await invoke('Lie');
    await until(() => rig.service.reads.length >= 3);
    expect(rig.service.reads.map(({ name, found }) => `${name} ${found}`).sort()).toEqual([
      '(not a secret name) false',
      'A true',
      'MISSING false',
    ]);
  });

  it('puts reads on record before it answers, where that is asked for', async () => {
    rig = await startRig(handlers, {}, { reportReads: 'before-answer', reportIntervalMs: 1_000 });
    rig.service.executions.set('tok', { executionId: 'ex', tenantId: 'acme', secrets: { A: 'value-of-a' } });
    await invoke('Read');
    expect(rig.service.reads).toMatchObject([{ name: 'A', found: true, count: 1 }]);
    await Promise.all(Array.from({ length: 20 }, () => invoke('Read')));
    expect(rig.service.reads.reduce((sum, read) => sum + read.count, 0)).toBe(21);
    rig.service.failure = status.UNAVAILABLE;
    await expect(invoke('Read')).rejects.toMatchObject({ codeName: 'UNAVAILABLE' });
    rig.service.failure = undefined;
    expect(await invoke('Read')).toBe('["value-of-a",true]');
    expect(rig.service.reads.reduce((sum, read) => sum + read.count, 0)).toBe(23);
  });

  it('counts what is left of a token on a clock of its own, wrong as the date may be', async () => {
    await start();
    const secrets = { A: 'value-of-a' };
    const execution = { executionId: 'ex-c', tenantId: 'acme', secrets };
    // The service's clock is a day behind, and one ahead.
    const day = 86_400_000;
    rig.service.executions.set('behind', { ...execution, expireTime: Date.now() - day, timeLeftMs: 600_000 });
    rig.service.executions.set('ahead', { ...execution, expireTime: Date.now() + day, timeLeftMs: 300 });
    for (let i = 0; i < 3; i++) await invoke('Read', 'A', 'behind');
    expect(rig.service.resolutions.filter((token) => token === 'behind')).toHaveLength(1);
    await invoke('Read', 'A', 'ahead');
    await new Promise((resolve) => setTimeout(resolve, 350));
    await invoke('Read', 'A', 'ahead');
    expect(rig.service.resolutions.filter((token) => token === 'ahead')).toHaveLength(2);
  });

  it('forgets at the end of the token', async () => {
    await start();
    const expireTime = Date.now() + 2_000;
    rig.service.executions.set('brief', { executionId: 'ex-b', tenantId: 'acme', secrets: {}, expireTime });
    await invoke('Read', 'A', 'brief');
    await until(() => Date.now() > expireTime + 50);
    rig.service.executions.delete('brief');
    await expect(invoke('Read', 'A', 'brief')).rejects.toMatchObject({ codeName: 'UNAUTHENTICATED' });
  });

  it('lets started executions go on when the service is out of reach, and fails new ones with UNAVAILABLE', async () => {
    await start();
    await invoke('Read');
    rig.service.stop();
    expect(await invoke('Read')).toBe('["value-of-a",true]');
    await expect(invoke('Read', 'A', 'new')).rejects.toMatchObject({ codeName: 'UNAVAILABLE' });
    await rig.service.start();
    rig.service.executions.set('new', { executionId: 'ex-n', tenantId: 'acme', secrets: {} });
    await until(() => rig.logLines.some((line) => line.includes('takes reports again')));
    expect(await invoke('Read', 'A', 'new')).toBe('["",false]');
    // What was read meanwhile is not lost.
    await until(() => rig.service.reads.filter((read) => read.name === 'A' && read.found).length > 0);
    expect(rig.service.reads.reduce((sum, read) => sum + (read.found ? read.count : 0), 0)).toBe(2);
  });

  it('tries again when the service is away for a moment', async () => {
    await start();
    rig.service.failure = status.UNAVAILABLE;
    const call = invoke('Read');
    await until(() => rig.service.resolutions.length > 0);
    rig.service.failure = undefined;
    expect(await call).toBe('["value-of-a",true]');
    expect(rig.service.resolutions.length).toBeGreaterThan(1);
  });

  it('drains: a running invocation ends, its reads are reported, and health says so', async () => {
    await start();
    await invoke('Read');
    const health = new HealthClient(rig.sidecar.address, rig.pki);
    expect(await health.check()).toBe('SERVING');
    const call = invoke('Wait');
    await until(isWaiting);
    const stopping = rig.sidecar.stop();
    release?.();
    expect(await call).toBe('done');
    await stopping;
    health.close();
    expect(rig.service.reads.map((read) => read.name)).toContain('A');
    await expect(invoke('Read')).rejects.toMatchObject({ codeName: 'UNAVAILABLE' });
  });

  it('cuts off what still runs at the end of the drain time', async () => {
    rig = await startRig(handlers, {}, { drainTimeoutMs: 100 });
    rig.service.executions.set('tok', { executionId: 'ex', tenantId: 'acme', secrets: {} });
    const call = invoke('Wait');
    const outcome = expect(call).rejects.toThrow();
    await until(isWaiting);
    await rig.sidecar.stop();
    await outcome;
  });
});
