/** What one worker asks another to do: a step of an execution, with who called and until when they wait. */

import type { Call } from '../../domain/call';
import type { WorkloadPrincipal } from '../../domain/principal';
import type { ServedMethod } from '../method-table';

/** Methods that are one write each; a frame's kind is the method's place here. */
const STEPS = ['startExecution', 'resolveForExecution', 'endExecution'] as const;

/** A frame that is not a step but takes one back. */
export const CANCEL = 255;

/** What the answer's frame is. */
export const ANSWER = { ok: 0, error: 1 } as const;

/** A step's own fields take far less; what takes more is carried out where it came in. */
export const MAX_REQUEST_BYTES = 16_384;

/** Milliseconds that are left, and the length of who called. */
const HEAD_BYTES = 10;

export interface Question {
  readonly principal: WorkloadPrincipal;
  readonly source: string;
  /** By this process's performance.now(). */
  readonly deadline: number | undefined;
  readonly request: Buffer;
}

/** @returns undefined for a method that is no step. */
export function kindOf({ desc }: ServedMethod): number | undefined {
  const kind = STEPS.findIndex((name) => name === desc.localName);
  return kind < 0 ? undefined : kind;
}

/** Time is told as what is left of it: each process counts from its own start. */
export function writeQuestion(
  { principal, source, deadline = Infinity }: Call,
  request: Uint8Array,
): readonly Uint8Array[] {
  const caller = Buffer.from([principal.kind, principal.id, source].join('\n'));
  const head = Buffer.allocUnsafe(HEAD_BYTES);
  head.writeDoubleLE(deadline - performance.now(), 0);
  head.writeUInt16LE(caller.byteLength, 8);
  return [head, caller, request];
}

export function readQuestion(body: Buffer): Question {
  const left = body.readDoubleLE(0);
  const end = HEAD_BYTES + body.readUInt16LE(8);
  const [kind, id, source] = body.toString('utf8', HEAD_BYTES, end).split('\n') as [
    WorkloadPrincipal['kind'],
    string,
    string,
  ];
  return {
    principal: { kind, id },
    source,
    deadline: left === Infinity ? undefined : performance.now() + left,
    request: body.subarray(end),
  };
}
