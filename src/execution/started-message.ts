/** StartExecution's answer, and how it is written. */

import type { ConfigId, ExecutionId } from '../domain/ids';
import { MessageWriter, serializeTime } from '../work/message-writer';

export interface Started {
  readonly executionId: ExecutionId;
  readonly executionToken: string;
  /** Milliseconds since the Unix epoch. */
  readonly expireTime: number;
  /** Undefined where no config is in force. */
  readonly configId: ConfigId | undefined;
  readonly nodeTimeoutSeconds: number;
  readonly timeLeftMs: number;
}

/** axiom.executions.v1.StartExecutionResponse. */
export function serializeStarted(started: Started): Uint8Array {
  return new MessageWriter()
    .text(1, started.executionId)
    .text(2, started.executionToken)
    .message(3, serializeTime(started.expireTime))
    .text(4, started.configId ?? '')
    .message(5, serializeTime(started.nodeTimeoutSeconds * 1_000))
    .message(6, serializeTime(started.timeLeftMs))
    .finish();
}
