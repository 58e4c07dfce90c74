/**
 * A node host's events, read from their bytes with every text cut before it is decoded:
 * a host may send 64 MiB in one message, and what is logged or reported of it is little.
 */

import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { LogLevel } from '../gen/axiom/node/v1/node_pb';

/** A log record; texts are still UTF-8, and may hold values. */
export interface NodeLogRecord {
  /** Milliseconds since the epoch; undefined where the host says none. */
  readonly time: number | undefined;
  readonly level: LogLevel;
  readonly message: Uint8Array;
  readonly attributes: readonly (readonly [key: Uint8Array, value: Uint8Array])[];
  /** Whether attributes were left out. */
  readonly cut: boolean;
}

/** A handler's failure; texts as in NodeLogRecord. */
export interface NodeErrorEvent {
  readonly typed: boolean;
  readonly code: Uint8Array;
  readonly message: Uint8Array;
  readonly detail: Uint8Array;
}

/** axiom.node.v1.InvokeResponse and InvokePipelineResponse, whose events are the same. */
export type NodeEvent =
  | { readonly case: 'output'; readonly value: Uint8Array }
  | { readonly case: 'log'; readonly value: NodeLogRecord }
  | { readonly case: 'secretRead'; readonly name: Uint8Array }
  | { readonly case: 'error'; readonly value: NodeErrorEvent }
  | { readonly case: undefined };

const MOST_ATTRIBUTES = 64;
/** Of one message or record no more fields are looked at: 64 MiB hold millions, and all tenants wait meanwhile. */
const MOST_FIELDS = 1_024;
const NONE = new Uint8Array(0);

/** @throws Error where the bytes are not such a message. */
export function readNodeEvent(message: Uint8Array): NodeEvent {
  let event: NodeEvent = { case: undefined };
  eachField(message, (field, bytes) => {
    // Of a oneof the last one counts.
    if (field === 1) event = { case: 'output', value: bytes };
    else if (field === 2) event = { case: 'log', value: readLogRecord(bytes) };
    else if (field === 3) event = { case: 'secretRead', name: readSecretName(bytes) };
    else if (field === 4) event = { case: 'error', value: readError(bytes) };
  });
  return event;
}

function readLogRecord(message: Uint8Array): NodeLogRecord {
  const record = {
    time: undefined as number | undefined,
    level: LogLevel.UNSPECIFIED,
    message: NONE as Uint8Array,
    cut: false,
  };
  const attributes: [Uint8Array, Uint8Array][] = [];
  eachField(message, (field, bytes, number) => {
    if (field === 1) record.time = readTime(bytes);
    else if (field === 2) record.level = number as LogLevel;
    else if (field === 3) record.message = bytes;
    else if (field === 4 && attributes.length < MOST_ATTRIBUTES) attributes.push(readAttribute(bytes));
    else if (field === 4) record.cut = true;
  });
  return { ...record, attributes };
}

/** A map<string, string> entry. */
function readAttribute(entry: Uint8Array): [key: Uint8Array, value: Uint8Array] {
  const parts: [Uint8Array, Uint8Array] = [NONE, NONE];
  eachField(entry, (field, bytes) => {
    if (field === 1 || field === 2) parts[field - 1] = bytes;
  });
  return parts;
}

function readSecretName(message: Uint8Array): Uint8Array {
  let name = NONE as Uint8Array;
  eachField(message, (field, bytes) => {
    if (field === 1) name = bytes;
  });
  return name;
}

function readError(message: Uint8Array): NodeErrorEvent {
  const error = {
    typed: false,
    code: NONE as Uint8Array,
    message: NONE as Uint8Array,
    detail: NONE as Uint8Array,
  };
  eachField(message, (field, bytes, number) => {
    if (field === 1) error.typed = number !== 0;
    else if (field === 2) error.code = bytes;
    else if (field === 3) error.message = bytes;
    else if (field === 4) error.detail = bytes;
  });
  return error;
}

/** google.protobuf.Timestamp in milliseconds. */
function readTime(message: Uint8Array): number {
  let milliseconds = 0;
  eachField(message, (field, _bytes, number) => {
    if (field === 1) milliseconds += number * 1_000;
    else if (field === 2) milliseconds += Math.floor(number / 1_000_000);
  });
  return milliseconds;
}

/** Tells each field's number with its bytes, or with its number where it is a varint; of many fields the first ones. */
function eachField(
  message: Uint8Array,
  tell: (field: number, bytes: Uint8Array, number: number) => void,
): void {
  const reader = new BinaryReader(message);
  for (let fields = 0; reader.pos < reader.len && fields < MOST_FIELDS; fields++) {
    const [field, wireType] = reader.tag();
    if (wireType === WireType.LengthDelimited) tell(field, reader.bytes(), 0);
    else if (wireType === WireType.Varint) tell(field, NONE, Number(reader.int64()));
    else reader.skip(wireType);
  }
}
