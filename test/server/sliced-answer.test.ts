/** Answers with many rows are the same on the wire as if they had been written in one go. */

import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import pino from 'pino';
import { ListAuditEventsResponseSchema } from '../../src/gen/axiom/audit/v1/audit_pb';
import {
  ImportSecretsRequestSchema,
  ImportSecretsResponseSchema,
  SecretsService,
} from '../../src/gen/axiom/secrets/v1/secrets_pb';
import { AdmittedCall, type DispatchContext } from '../../src/server/admission';
import { LazyAbort } from '../../src/server/lazy-abort';
import { dispatch } from '../../src/server/dispatch';
import { methodsAt } from '../../src/server/method-table';
import { slicedAnswer } from '../../src/server/sliced-answer';
import { CallUnderWay, sliced } from '../../src/work/pace';
import { member } from '../support/rooms';

it.each([0, 1, 31, 32, 1_000])('a page of %d audit events', async (count) => {
  const answer = {
    events: Array.from({ length: count }, (_, i) => ({
      sequence: BigInt(i + 1),
      time: { seconds: 1_700_000_000n, nanos: i },
      action: 'secret.add',
      resource: i % 3 === 0 ? '' : `NAME_${i}`,
      allowed: i % 2 === 0,
    })),
    nextPageToken: count === 0 ? '' : 'next',
  };
  const sliced = toBinary(
    ListAuditEventsResponseSchema,
    (await slicedAnswer(ListAuditEventsResponseSchema, answer)) as never,
  );
  expect(fromBinary(ListAuditEventsResponseSchema, sliced)).toEqual(
    create(ListAuditEventsResponseSchema, answer),
  );
});

it('leaves what the handler gave as it is', async () => {
  const events = Array.from({ length: 40 }, () => ({ action: 'secret.add' }));
  const answer = { events };
  await slicedAnswer(ListAuditEventsResponseSchema, answer);
  expect(answer.events).toBe(events);
});

it('lets other work in between', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  const events = Array.from({ length: 50_000 }, (_, i) => ({ action: 'secret.add', resource: `NAME_${i}` }));
  await slicedAnswer(ListAuditEventsResponseSchema, { events });
  clearInterval(timer);
  expect(turns).toBeGreaterThan(3);
});

it('waits for no import: that is no short call', async () => {
  let turns = 0;
  const handlers = Object.fromEntries(
    SecretsService.methods.map(({ localName }) => [
      localName,
      async () => {
        const pause = sliced();
        const end = performance.now() + 5;
        while (performance.now() < end);
        let isOver = false;
        void pause().then(() => (isOver = true));
        for (; !isOver; turns++) await nextTurn();
        return create(ImportSecretsResponseSchema);
      },
    ]),
  );
  const method = methodsAt('management', [{ service: SecretsService, handlers, writers: {} }]).find(
    ({ desc }) => desc.localName === 'importSecrets',
  )!;
  const taken = {
    addBytes: () => true,
    keepBytes: () => () => undefined,
    giveBytesBack: () => undefined,
    giveBack: () => undefined,
  };
  const underWay = new CallUnderWay();
  const call = new AdmittedCall(
    ...([method, member().principal, 'management', '', new LazyAbort(), 0, underWay, taken] as const),
  );
  const context = { logger: pino({ level: 'silent' }), clock: () => 0 } as unknown as DispatchContext;
  await dispatch(context, call, () => create(ImportSecretsRequestSchema));
  underWay.over();
  // While a short call is under way, it is sixteen.
  expect(turns).toBeLessThan(5);
});
