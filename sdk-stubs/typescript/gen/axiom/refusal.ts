/** Calls that no handler sees. */

import type { status } from '@grpc/grpc-js';
import type { PipelineNode, UnaryNode } from './node';

/** Ends a call with a status; grpc-js takes it as an error event. */
export function refuse(
  call: { emit(event: 'error', error: { code: status; details: string }): boolean },
  code: status,
  details: string,
): void {
  call.emit('error', { code, details });
}

export function isKind<K extends 'unary' | 'pipeline'>(kind: K) {
  return (node: UnaryNode | PipelineNode): node is Extract<UnaryNode | PipelineNode, { kind: K }> =>
    node.kind === kind;
}
