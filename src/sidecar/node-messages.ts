/**
 * The messages that carry an execution's secrets to the node host, as bytes.
 *
 * Written field by field and not through the generated codec for two reasons: the
 * execution's part is made once and copied into each call, and no copy of a value is left
 * in a writer that nobody can zero. A test holds them against the generated codec.
 */

import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** The ids of the execution that a handler runs in. */
export interface ExecutionIds {
  readonly executionId: string;
  readonly flowId: string;
  readonly tenantId: string;
}

/** axiom.node.v1.ExecutionContext. */
export function encodeExecutionContext(
  ids: ExecutionIds,
  secrets: ReadonlyMap<string, Uint8Array>,
  revokedNames: Iterable<string>,
): Buffer {
  const parts = [...text(1, ids.executionId), ...text(2, ids.flowId), ...text(3, ids.tenantId)];
  for (const [name, value] of secrets) parts.push(...group(4, [...text(1, name), ...bytes(2, value)]));
  for (const name of revokedNames) parts.push(...text(5, name));
  return Buffer.concat(parts);
}

/** axiom.node.v1.InvokeRequest. */
export function encodeInvokeRequest(node: string, context: Uint8Array, input: Uint8Array): Buffer {
  return Buffer.concat([...text(1, node), ...bytes(2, context), ...bytes(3, input)]);
}

/** axiom.node.v1.InvokePipelineRequest with `start`. */
export function encodePipelineStart(node: string, context: Uint8Array): Buffer {
  return Buffer.concat(group(1, [...text(1, node), ...bytes(2, context)]));
}

/** axiom.node.v1.InvokePipelineRequest with `input`. */
export function encodePipelineInput(input: Uint8Array): Buffer {
  return Buffer.concat(bytes(2, input));
}

/** axiom.sidecar.v1.InvokeResponse, in parts: an output may be large, and is not copied. */
export function encodeInvokeAnswer(output: Uint8Array): readonly Uint8Array[] {
  return output.byteLength === 0 ? [] : bytes(1, output);
}

function text(field: number, value: string): Uint8Array[] {
  return bytes(field, Buffer.from(value, 'utf8'));
}

function bytes(field: number, value: Uint8Array): Uint8Array[] {
  return [header(field, value.byteLength), value];
}

function group(field: number, parts: readonly Uint8Array[]): Uint8Array[] {
  return [
    header(
      field,
      parts.reduce((sum, part) => sum + part.byteLength, 0),
    ),
    ...parts,
  ];
}

function header(field: number, length: number): Uint8Array {
  return new BinaryWriter().tag(field, WireType.LengthDelimited).uint32(length).finish();
}
