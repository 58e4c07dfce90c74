import { status } from '@grpc/grpc-js';
import pino from 'pino';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { DomainError } from '../../src/domain/errors';
import { Executions } from '../../src/sidecar/executions';
import { ExecutionSecrets } from '../../src/sidecar/execution-secrets';
import { FairQueue } from '../../src/sidecar/fair-queue';
import { Invocation } from '../../src/sidecar/invocation';
import { NodeLog } from '../../src/sidecar/node-log';
import { ReadReporter } from '../../src/sidecar/read-reporter';
import { PendingReads } from '../../src/sidecar/reads';
import { Resolution } from '../../src/sidecar/resolution';
import { StatusError } from '../../src/wire/status-error';

const reader = { package: 'acme/greeter', packageVersion: '1.0.0', node: 'Greet' };

const readOf = { token: 't', tenantId: 'acme', reader };

describe('reads that wait to be reported', () => {
  it('are counted by name, by whether it was found, and by node', () => {
    const reads = new PendingReads(10);
    for (const now of [5_000, 7_000, 6_000]) reads.add(readOf, 'A', true, now);
    reads.add(readOf, 'A', false, 1_000);
    reads.add({ ...readOf, reader: { ...reader, node: 'Other' } }, 'A', true, 1_000);
    expect(reads.take('t', 10)).toMatchObject({
      executionToken: 't',
      otherReads: 0n,
      reads: [
        { ...reader, name: 'A', found: true, count: 3, lastReadTime: { seconds: 7n } },
        { ...reader, name: 'A', found: false, count: 1 },
        { node: 'Other', name: 'A', count: 1 },
      ],
    });
    expect(reads.tokens()).toEqual([]);
  });

  it('are bounded in all, and what exceeds it is counted', () => {
    const reads = new PendingReads(100);
    for (let i = 0; i < 300; i++) reads.add(readOf, `NAME_${i}`, false, 0);
    reads.add(readOf, 'NAME_1', false, 0);
    const taken = reads.take('t', 1_000);
    expect([taken.reads.length, taken.otherReads]).toEqual([100, 200n]);
  });

  it('have a budget per execution and one per tenant', () => {
    const reads = new PendingReads(100_000);
    for (let i = 0; i < 3_000; i++) reads.add(readOf, `NAME_${i}`, false, 0);
    const taken = reads.take('t', 10_000);
    // A busy machine may let a few more in: ten a second.
    expect(taken.reads.length).toBeGreaterThanOrEqual(1_000);
    expect(taken.reads.length).toBeLessThan(1_500);
    expect(taken.reads.length + Number(taken.otherReads)).toBe(3_000);
    for (let t = 0; t < 10; t++)
      for (let i = 0; i < 1_000; i++) reads.add({ ...readOf, token: `t${t}` }, `NAME_${i}`, false, 0);
    const named = Array.from({ length: 10 }, (_, t) => reads.take(`t${t}`, 10_000).reads.length);
    expect(named.reduce((sum, count) => sum + count, 0)).toBeLessThan(6_000);
    reads.add({ ...readOf, token: 'u', tenantId: 'other' }, 'A', true, 0);
    expect(reads.take('u', 10).reads).toMatchObject([{ name: 'A' }]);
  });

  it('come back with their counts when they could not be delivered', () => {
    const reads = new PendingReads(2);
    reads.add(readOf, 'A', true, 5_000);
    for (const name of ['B', 'C']) reads.add(readOf, name, true, 5_000);
    const taken = reads.take('t', 10);
    expect(taken).toMatchObject({ otherReads: 1n });
    reads.add(readOf, 'A', true, 9_000);
    reads.restore(taken);
    expect(reads.take('t', 10)).toMatchObject({
      otherReads: 1n,
      reads: [
        { name: 'A', count: 2, lastReadTime: { seconds: 9n } },
        { name: 'B', count: 1 },
      ],
    });
  });
});

/** An execution without a secret. */
const nothing = (): ExecutionSecrets => new ExecutionSecrets(Resolution.parse(Buffer.from([0x12, 0])), 0);

it('Of a name that is too long for a secret nothing is looked at but its length', async () => {
  const name = new Proxy(new Uint8Array(0), {
    get(_bytes, property) {
      if (property === 'length') return 60 * 1_024 * 1_024;
      throw new Error(`${String(property)} is looked at`);
    },
  });
  const reads = new PendingReads(10);
  const queue = new FairQueue();
  const log = new NodeLog(pino({ level: 'silent' }), queue);
  const invocation = new Invocation({ reads, queue, log }, 't', nothing(), reader, Infinity);
  await invocation.take({ case: 'secretRead', name });
  expect(reads.take('t', 10).reads).toMatchObject([
    { ...reader, name: '(not a secret name)', found: false, count: 1 },
  ]);
});

describe('the reporter', () => {
  type Request = { executions: { executionToken: string; reads: unknown[] }[] };
  let reporter: ReadReporter;
  afterEach(() => reporter.stop(1_000));

  const setUp = (answer: (request: Request) => unknown) => {
    const requests: Request[] = [];
    const service = {
      reportReads: async (request: Request) => {
        requests.push(request);
        return answer(request);
      },
    };
    const executions = new Executions(
      () => Promise.resolve(nothing()),
      { executions: 10_000, bytes: 2 ** 40 },
      () => -1,
    );
    const reads = new PendingReads(100_000);
    reporter = new ReadReporter(service as never, executions, reads, 50, pino({ level: 'silent' }));
    return { requests, executions, reads };
  };
  const active = ({ executions }: Request) => ({
    executions: executions.map(() => ({ active: true, revokedNames: [] })),
  });

  it('keeps each report within what the service takes', async () => {
    const { requests, executions, reads } = setUp(active);
    for (let i = 0; i < 2_500; i++) await executions.get(`token-${i}`);
    for (let t = 0; t < 7; t++)
      for (let i = 0; i < 900; i++) {
        const of = { token: `token-${t}`, tenantId: `tenant-${t}`, reader };
        reads.add(of, `NAME_${i}`, false, 0);
      }
    await reporter.stop(60_000);
    expect(requests.length).toBeGreaterThan(2);
    for (const { executions: batch } of requests) {
      expect(batch.length).toBeLessThanOrEqual(1_000);
      for (const { reads: each } of batch) expect(each.length).toBeLessThanOrEqual(1_000);
    }
    const all = requests.flatMap((request) => request.executions);
    expect(new Set(all.map(({ executionToken }) => executionToken)).size).toBe(2_500);
    expect(all.reduce((sum, one) => sum + one.reads.length, 0)).toBe(6_300);
  });

  describe('asked to report before an answer', () => {
    /** Reports that wait until the test lets them arrive, or fail. */
    const held: { request: Request; arrive: () => void; fail: () => void }[] = [];
    let isOver = false;
    const holding = () => {
      held.length = 0;
      isOver = false;
      return setUp(
        (request) =>
          new Promise((resolve, reject) => {
            if (isOver) return resolve(active(request));
            const fail = () => reject(new StatusError(status.UNAVAILABLE, 'out of reach'));
            held.push({ request, arrive: () => resolve(active(request)), fail });
          }),
      );
    };
    afterEach(() => {
      isOver = true;
      for (const { arrive } of held) arrive();
    });

    /** What has become of a promise by the end of this turn of the event loop. */
    const stateOf = async (promise: Promise<void>) => {
      let state = 'waits';
      promise.then(
        () => (state = 'answers'),
        (error: DomainError) => (state = error.code),
      );
      await new Promise((resolve) => setImmediate(resolve));
      return state;
    };
    const namesIn = ({ executions }: Request) =>
      executions.flatMap((one) => one.reads.map((read) => (read as { name: string }).name));
    const of = (token: string) => ({ token, tenantId: 'acme', reader });

    it('keeps every call of executions that are reported together waiting', async () => {
      const { reads } = holding();
      const tokens = ['a', 'b', 'c'];
      for (const token of tokens) reads.add(of(token), `NAME_OF_${token}`, true, 0);
      const flushes = tokens.map((token) => reporter.flush(token));
      expect(await Promise.all(flushes.map(stateOf))).toEqual(['waits', 'waits', 'waits']);
      expect(held.map(({ request }) => namesIn(request))).toEqual([['NAME_OF_a', 'NAME_OF_b', 'NAME_OF_c']]);
      held[0]?.arrive();
      expect(await Promise.all(flushes.map(stateOf))).toEqual(['answers', 'answers', 'answers']);
    });

    it('fails every call whose report did not arrive', async () => {
      const { reads } = holding();
      for (const token of ['a', 'b']) reads.add(of(token), 'A', true, 0);
      const flushes = ['a', 'b'].map((token) => reporter.flush(token));
      expect(await Promise.all(flushes.map(stateOf))).toEqual(['waits', 'waits']);
      held[0]?.fail();
      expect(await Promise.all(flushes.map(stateOf))).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
    });

    it('waits for no more than what was read before', async () => {
      const { reads } = holding();
      reads.add(of('a'), 'A', true, 0);
      const first = reporter.flush('a');
      expect(await stateOf(first)).toBe('waits');
      // Another node of the same execution reads while the report is on its way.
      reads.add(of('a'), 'B', true, 0);
      const second = reporter.flush('a');
      held[0]?.arrive();
      expect(await stateOf(first)).toBe('answers');
      expect(await stateOf(second)).toBe('waits');
      held[1]?.arrive();
      expect(await stateOf(second)).toBe('answers');
      expect(held.map(({ request }) => namesIn(request))).toEqual([['A'], ['B']]);
    });
  });

  it('waits at its end no longer for a service that does not answer than it is told', async () => {
    const { requests, reads } = setUp(() => new Promise<never>(() => undefined));
    for (const name of ['A', 'B']) {
      reads.add({ token: 'a', tenantId: 'acme', reader }, name, true, 0);
      await reporter.stop(1);
    }
    expect(requests).toHaveLength(2);
  });

  it('asks nothing while it holds nothing', async () => {
    const { requests } = setUp(active);
    reporter.start();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(requests).toEqual([]);
  });

  it('forgets at most the least recently used execution when it may hold no more', async () => {
    setUp(active);
    let resolved = 0;
    const few = new Executions(
      () => {
        resolved++;
        return Promise.resolve(nothing());
      },
      { executions: 2, bytes: 2 ** 40 },
      () => -1,
    );
    for (const token of ['a', 'b', 'a', 'c', 'a']) await few.get(token);
    expect(few.tokens().sort()).toEqual(['a', 'c']);
    expect(resolved).toBe(3);
  });
});
