import pino from 'pino';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Executions } from '../../src/sidecar/executions';
import { ReadReporter } from '../../src/sidecar/read-reporter';
import { PendingReads } from '../../src/sidecar/reads';
import { Resolution } from '../../src/sidecar/resolution';

const reader = { package: 'acme/greeter', packageVersion: '1.0.0', node: 'Greet' };

describe('reads that wait to be reported', () => {
  it('are counted by name, by whether it was found, and by node', () => {
    const reads = new PendingReads(10);
    for (const now of [5_000, 7_000, 6_000]) reads.add('t', reader, 'A', true, now);
    reads.add('t', reader, 'A', false, 1_000);
    reads.add('t', { ...reader, node: 'Other' }, 'A', true, 1_000);
    expect(reads.take('t', 10)).toMatchObject([
      { ...reader, name: 'A', found: true, count: 3, lastReadTime: { seconds: 7n } },
      { ...reader, name: 'A', found: false, count: 1 },
      { node: 'Other', name: 'A', count: 1 },
    ]);
    expect(reads.tokens()).toEqual([]);
  });

  it('are bounded, whatever node code asks for', () => {
    const reads = new PendingReads(100);
    for (let i = 0; i < 1_000; i++) reads.add('t', reader, `NAME_${i}`, false, 0);
    reads.add('t', reader, 'NAME_1', false, 0);
    reads.add('other', reader, 'x'.repeat(100_000), false, 0);
    expect(reads.take('t', 1_000)).toHaveLength(100);
    expect([reads.takeDropped(), reads.takeDropped()]).toEqual([901, 0]);
    reads.add('other', reader, '😀'.repeat(100_000), false, 0);
    expect(Array.from(reads.take('other', 1)[0]?.name ?? '')).toHaveLength(128);
  });

  it('come back with their counts when they could not be delivered', () => {
    const reads = new PendingReads(10);
    reads.add('t', reader, 'A', true, 5_000);
    const taken = reads.take('t', 10);
    reads.add('t', reader, 'A', true, 9_000);
    reads.restore('t', taken);
    expect(reads.take('t', 10)).toMatchObject([{ name: 'A', count: 2, lastReadTime: { seconds: 9n } }]);
  });
});

describe('the reporter', () => {
  type Request = { executions: { executionToken: string; reads: unknown[] }[] };
  let reporter: ReadReporter;
  afterEach(() => reporter.stop());

  const setUp = (answer: (request: Request) => unknown) => {
    const requests: Request[] = [];
    const service = {
      reportReads: async (request: Request) => {
        requests.push(request);
        return answer(request);
      },
    };
    const executions = new Executions(
      () => Promise.resolve(Resolution.parse(Buffer.from([0x12, 0]))),
      10_000,
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
    for (let i = 0; i < 6_500; i++) reads.add('token-7', reader, `NAME_${i}`, false, 0);
    await reporter.stop();
    expect(requests.length).toBeGreaterThan(2);
    for (const { executions: batch } of requests) {
      expect(batch.length).toBeLessThanOrEqual(1_000);
      for (const { reads: each } of batch) expect(each.length).toBeLessThanOrEqual(1_000);
    }
    const all = requests.flatMap((request) => request.executions);
    expect(new Set(all.map(({ executionToken }) => executionToken)).size).toBe(2_500);
    expect(all.reduce((sum, one) => sum + one.reads.length, 0)).toBe(6_500);
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
        return Promise.resolve(Resolution.parse(Buffer.from([0x12, 0])));
      },
      2,
      () => -1,
    );
    for (const token of ['a', 'b', 'a', 'c', 'a']) await few.get(token);
    expect(few.tokens().sort()).toEqual(['a', 'c']);
    expect(resolved).toBe(3);
  });
});
