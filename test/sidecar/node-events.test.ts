/** What of a node host's messages is looked at, whatever it sends. */

import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { InvokeResponseSchema, LogLevel } from '../../src/gen/axiom/node/v1/node_pb';
import { readNodeEvent } from '../../src/sidecar/node-events';

const MIB = 1_024 * 1_024;
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

describe('a log record', () => {
  it('is read with its level, its message and its first 64 attributes', () => {
    const attributes = Object.fromEntries(Array.from({ length: 70 }, (_, i) => [`k${i}`, `v${i}`]));
    const log = { level: LogLevel.WARN, message: 'hello', attributes };
    const event = readNodeEvent(
      toBinary(
        InvokeResponseSchema,
        create(InvokeResponseSchema, { event: { case: 'log', value: log as never } }),
      ),
    );
    if (event.case !== 'log') throw new Error(`it is ${String(event.case)}`);
    expect([event.value.level, text(event.value.message), event.value.cut]).toEqual([
      LogLevel.WARN,
      'hello',
      true,
    ]);
    expect(event.value.attributes.map(([key, value]) => `${text(key)}=${text(value)}`)).toEqual(
      Array.from({ length: 64 }, (_, i) => `k${i}=v${i}`),
    );
  });

  it('of millions of attributes is cut without a look at most of them', () => {
    // Empty attributes (field 4, no bytes), and at the end what no reader can read: the group of field 15.
    const record = Buffer.concat([Buffer.alloc(8 * MIB, Buffer.from([0x22, 0])), Buffer.from([0x7b, 0x7f])]);
    // Field 2 of the event, 8 MiB and 2 bytes long.
    const event = readNodeEvent(Buffer.concat([Buffer.from([0x12, 0x82, 0x80, 0x80, 0x04]), record]));
    if (event.case !== 'log') throw new Error(`it is ${String(event.case)}`);
    expect([event.value.attributes.length, event.value.cut]).toEqual([64, true]);
  });
});

it('a name that is asked for is not copied, however long it is', () => {
  // Field 3 of the event, 8 MiB and 5 bytes long; in it field 1, 8 MiB long.
  const head = Buffer.from([0x1a, 0x85, 0x80, 0x80, 0x04, 0x0a, 0x80, 0x80, 0x80, 0x04]);
  const message = Buffer.concat([head, Buffer.alloc(8 * MIB, 'x')]);
  const event = readNodeEvent(message);
  if (event.case !== 'secretRead') throw new Error(`it is ${String(event.case)}`);
  expect([event.name.byteLength, event.name.byteOffset]).toEqual([8 * MIB, message.byteOffset + head.length]);
  expect(event.name.buffer).toBe(message.buffer);
});
