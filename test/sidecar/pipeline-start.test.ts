/** A pipeline's call until its first message is there. */

import type { ServerHttp2Stream } from 'node:http2';
import { PassThrough } from 'node:stream';
import { expect, it } from '@jest/globals';
import { PipelineStart } from '../../src/sidecar/pipeline-start';
import { CallAccounts, DEFAULT_CALL_BUDGETS } from '../../src/wire/call-budgets';

it('one that brings more than its engine may hold is refused once, whatever comes after', () => {
  const workloads = { underWay: 1, perSecond: 100, bytes: 10 };
  const accounts = new CallAccounts({ ...DEFAULT_CALL_BUDGETS, workloads }, () => 0);
  const stream = new PassThrough();
  const refusals: string[] = [];
  new PipelineStart(accounts.take({ kind: 'engine', id: 'engine:checkout' })).awaitOn(
    stream as unknown as ServerHttp2Stream,
    60_000,
    ({ message }) => refusals.push(message),
  );
  for (const bytes of [10, 1, 1, 5]) stream.emit('data', Buffer.alloc(bytes));
  expect(refusals).toEqual([
    'the calls of this credential that are under way hold as many bytes as they may; send less at once',
  ]);
  stream.emit('close');
});
