/** Answers with many rows are the same on the wire as if they had been written in one go. */

import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { expect, it } from '@jest/globals';
import { ListAuditEventsResponseSchema } from '../../src/gen/axiom/audit/v1/audit_pb';
import { slicedAnswer } from '../../src/server/sliced-answer';

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
