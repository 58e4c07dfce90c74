/**
 * Node code against the others on its sidecar: each attack runs beside a victim of another tenant. What counts is the
 * processor's time that passes while one of the victim's calls waits, which other programs do not change much; the
 * bound only tells a stall of many seconds from none.
 */

import { afterEach, describe, expect, it } from '@jest/globals';
import { SidecarService } from '../../src/gen/axiom/sidecar/v1/sidecar_pb';
import { openChannel, wireClient, type StatusError } from '../../src/wire/client';
import { FLAG, frame, FRAME, RawHttp2, requestFields } from './raw-http2';
import { sidecarDoor } from './target';
import { startRig, until, type Rig } from '../sidecar/support/rig';
import type { FakeHandler } from '../sidecar/support/fake-node-host';

const A_STALL_MS = 8_000;
const COMMON = 'the-same-beginning-of-all-values-'.repeat(28);

/** Values that differ only at their end. */
const values = (count: number, length: number): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `V_${i}`,
      `${COMMON.slice(0, length - 6)}${String(i).padStart(6, '0')}`,
    ]),
  );

let hanging = 0;
let hold: () => Promise<void> = () => Promise.resolve();
const handlers: Record<string, FakeHandler> = {
  Hold: async () => {
    await hold();
    return 'done';
  },
  Hang: async ({ cancelled }) => {
    hanging++;
    await cancelled;
    hanging--;
    return undefined;
  },
  Quiet: () => 'done',
  // Its call ends a moment after its error, as where a host is busy.
  Fail: async ({ fail }) => {
    fail({ typed: true, code: 'NOT_FOUND' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    return undefined;
  },
  LogBeginnings: ({ log, input }) => {
    log(COMMON.repeat(40).slice(0, Number(input)));
    return 'done';
  },
  LogLoop: ({ log }) => {
    for (let i = 0; i < 60; i++) log(COMMON.repeat(20), { i: String(i) });
    return 'done';
  },
  ReadLoop: ({ get }) => {
    for (let i = 0; i < 8_000; i++) get(`NO_SUCH_NAME_${i % 4_000}`);
    return 'done';
  },
  LongName: ({ read }) => {
    read('x'.repeat(60 * 1_024 * 1_024), true);
    return 'done';
  },
};

describe('node code that attacks its sidecar does not hurt another tenant on it', () => {
  let rig: Rig;
  afterEach(() => rig.stop());

  const start = async (attackerSecrets: Record<string, string>, options = {}): Promise<void> => {
    rig = await startRig(handlers, {}, options);
    rig.service.executions.set('attacker', {
      executionId: 'ex-a',
      tenantId: 'mallory',
      secrets: attackerSecrets,
    });
    rig.service.executions.set('victim', {
      executionId: 'ex-v',
      tenantId: 'acme',
      secrets: { A: 'value-of-a' },
    });
    await invoke('Quiet', 'victim');
  };
  const invoke = async (node: string, token: string, input = ''): Promise<unknown> =>
    rig.engine.invoke({ executionToken: token, node, input: Buffer.from(input) });

  const holdVictim = () => {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    hold = () => released;
    return { release: () => release(), held: invoke('Hold', 'victim') };
  };

  const MANY = 1_500;

  /** So many invocations of the attacker on six connections, for one would not bear it either. @returns how they ended. */
  const invokeMany = async (node: string, options = {}): Promise<readonly string[]> => {
    const engines = Array.from({ length: 6 }, () =>
      openChannel(
        { address: rig.sidecar.address, tls: { ...rig.pki.engine, toSidecar: true } },
        { 'grpc.use_local_subchannel_pool': 1 },
      ),
    );
    const outcome = (call: Promise<unknown>) =>
      call.then(
        () => 'OK',
        (error: StatusError) => error.codeName,
      );
    const calls = engines.flatMap((channel) => {
      const engine = wireClient(SidecarService, channel);
      return Array.from({ length: MANY / engines.length }, () =>
        outcome(engine.invoke({ executionToken: 'attacker', node }, options)),
      );
    });
    const outcomes = new Set(await Promise.all(calls));
    for (const channel of engines) channel.close();
    return [...outcomes];
  };

  /** What the process worked during the longest of the victim's calls, in milliseconds, while the attack runs. */
  const longestBeside = async (attack: Promise<unknown>): Promise<number> => {
    let over = false;
    const attacking = attack.finally(() => (over = true));
    let longest = 0;
    do {
      const begin = process.cpuUsage();
      await invoke('Quiet', 'victim');
      const { user, system } = process.cpuUsage(begin);
      longest = Math.max(longest, (user + system) / 1_000);
      await new Promise((resolve) => setTimeout(resolve, 5));
    } while (!over);
    await attacking;
    return longest;
  };

  it('with more secrets in its calls than the node host has memory for', async () => {
    const secrets = Object.fromEntries(
      Array.from({ length: 16 }, (_, i) => [`V_${i}`, `${i}`.padEnd(65_536, '-')]),
    );
    // One tenant has half: 31 times a mebibyte and its names.
    await start(secrets, { maxHeldBytes: 64 * 1_024 * 1_024 });
    const leave = new AbortController();
    let refused = 0;
    const calls = Array.from({ length: 100 }, () =>
      rig.engine
        .invoke({ executionToken: 'attacker', node: 'Hang' }, { signal: leave.signal })
        .catch((error: StatusError) => {
          if (error.codeName === 'RESOURCE_EXHAUSTED') refused++;
        }),
    );
    await until(() => refused + hanging === 100);
    expect([hanging, refused]).toEqual([31, 69]);
    await invoke('Quiet', 'victim');
    leave.abort();
    await Promise.all(calls);
    const isAnswered = () =>
      invoke('Quiet', 'attacker').then(
        () => true,
        (error: StatusError) => {
          expect(error.codeName).toBe('RESOURCE_EXHAUSTED');
          return false;
        },
      );
    await until(isAnswered);
  });

  it('with a log line of 30 KB beside 300 values with one common beginning', async () => {
    await start(values(300, 900));
    expect(await longestBeside(invoke('LogBeginnings', 'attacker', '30000'))).toBeLessThan(A_STALL_MS);
    expect(rig.logLines.join('')).not.toContain(COMMON.slice(0, 40));
  });

  it('with 20 KB beside 1,000 values of 1 KB', async () => {
    await start(values(1_000, 950));
    expect(await longestBeside(invoke('LogBeginnings', 'attacker', '20000'))).toBeLessThan(A_STALL_MS);
  });

  it('with executions that log in a loop', async () => {
    await start(values(1_000, 950));
    expect(await longestBeside(invoke('LogLoop', 'attacker'))).toBeLessThan(A_STALL_MS);
  });

  it('with reads in a loop, which are counted and not named one by one', async () => {
    await start({});
    const begun = performance.now();
    expect(await longestBeside(invoke('ReadLoop', 'attacker'))).toBeLessThan(A_STALL_MS);
    const counted = (): number =>
      rig.service.reads.reduce((sum, read) => sum + read.count, 0) + rig.service.otherReads;
    await until(() => counted() === 8_000);
    // So many at once, and ten a second; each name is asked for twice.
    const most = 1_000 + 10 * Math.ceil((performance.now() - begun) / 1_000);
    expect(rig.service.reads.length).toBeLessThanOrEqual(most);
    expect(rig.service.otherReads).toBeGreaterThanOrEqual(8_000 - 2 * most);
  });

  it('with a name of 60 MB that it says was found', async () => {
    await start({});
    expect(await longestBeside(invoke('LongName', 'attacker'))).toBeLessThan(A_STALL_MS);
    await until(() => rig.service.reads.length > 0);
    expect(rig.service.reads[0]).toMatchObject({ name: '(not a secret name)', found: false, count: 1 });
  });

  it('as an engine with more invocations, or more bytes of inputs, than it may have', async () => {
    await start({}, { calls: { underWay: 3, perSecond: 1_000, bytes: 4 * 1_024 * 1_024 } });
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    let holding = 0;
    hold = () => {
      holding++;
      return released;
    };
    const outcome = (call: Promise<unknown>) =>
      call.then(
        () => 'OK',
        (error: StatusError) => error.codeName,
      );
    const held = [1, 2, 3].map(() => outcome(invoke('Hold', 'attacker')));
    await until(() => holding === 3);
    expect(await outcome(invoke('Quiet', 'attacker'))).toBe('RESOURCE_EXHAUSTED');
    release();
    expect(await Promise.all(held)).toEqual(['OK', 'OK', 'OK']);
    const mib = (count: number) => 'x'.repeat(count * 1_024 * 1_024);
    expect(await outcome(invoke('Quiet', 'attacker', mib(5)))).toBe('RESOURCE_EXHAUSTED');
    expect(await outcome(invoke('Quiet', 'attacker', mib(3)))).toBe('OK');
  });

  it('as an engine that takes calls back as soon as they are made, and whose others have all of its budget', async () => {
    await start({}, { calls: { underWay: 3, perSecond: 5, bytes: 4 * 1_024 * 1_024 } });
    const { ca, cert, key } = rig.pki.engine;
    const door = sidecarDoor(rig.sidecar.address, { ca, cert, key });
    const raw = await RawHttp2.open(door);
    const takenBack = Array.from({ length: 20 }, (_, index) => [
      frame(FRAME.HEADERS, FLAG.END_HEADERS, 2 * index + 1, requestFields(door)),
      frame(FRAME.RST_STREAM, 0, 2 * index + 1, Buffer.from([0, 0, 0, 8])),
    ]);
    raw.send(Buffer.concat(takenBack.flat()));
    await raw.allRead();
    for (let call = 0; call < 3; call++) await invoke('Quiet', 'attacker');
    raw.destroy();
  });

  it('as an engine that takes back more calls at once than a connection to a host in TypeScript bears', async () => {
    await start({});
    const { release, held } = holdVictim();
    const abort = new AbortController();
    const outcomes = invokeMany('Hang', { signal: abort.signal });
    await until(() => hanging === MANY);
    abort.abort();
    await until(() => hanging <= MANY - 800);
    await invoke('Quiet', 'victim');
    release();
    expect(await held).toMatchObject({ output: Buffer.from('done') });
    expect(await outcomes).toEqual(['CANCELLED']);
  });

  it.each([
    ['calls whose time is over together', 'Hang', 3, 'DEADLINE_EXCEEDED'],
    ['failures of handlers', 'Fail', 300, 'NOT_FOUND'],
  ])(
    'with more %s than a connection to a host in TypeScript bears resets',
    async (_, node, nodeTimeoutSeconds, code) => {
      await start({});
      const ofAttacker = { executionId: 'ex-a', tenantId: 'mallory', secrets: {}, nodeTimeoutSeconds };
      rig.service.executions.set('attacker', ofAttacker);
      const { release, held } = holdVictim();
      expect(await invokeMany(node)).toEqual([code]);
      await invoke('Quiet', 'victim');
      release();
      expect(await held).toMatchObject({ output: Buffer.from('done') });
      expect(rig.logLines.join('')).not.toContain('the node host is gone');
    },
  );

  it('with executions that take all the memory there is for one tenant', async () => {
    await start({}, { maxHeldBytes: 64 * 1_024 * 1_024 });
    const secrets = Object.fromEntries(
      Array.from({ length: 16 }, (_, i) => [`V_${i}`, `${i}`.padEnd(65_536, 'ab')]),
    );
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    hold = () => released;
    const codes: string[] = [];
    const attacks = Array.from({ length: 12 }, async (_, i) => {
      rig.service.executions.set(`attacker-${i}`, { executionId: `ex-${i}`, tenantId: 'mallory', secrets });
      await invoke('Hold', `attacker-${i}`).then(
        () => codes.push('OK'),
        (error: StatusError) => codes.push(error.codeName),
      );
    });
    await until(() => codes.includes('RESOURCE_EXHAUSTED'));
    rig.service.executions.set('other', {
      executionId: 'ex-o',
      tenantId: 'acme',
      secrets: { A: 'value-of-a' },
    });
    await invoke('Quiet', 'other');
    release();
    await Promise.all(attacks);
    expect(new Set(codes)).toEqual(new Set(['OK', 'RESOURCE_EXHAUSTED']));
  });
});
