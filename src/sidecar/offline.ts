/** A developer's own values in the service's place, for one execution that no service knows of. */

import { create, toBinary } from '@bufbuild/protobuf';
import { PLATFORM_NODE_TIMEOUT_SECONDS } from '../domain/node-timeout';
import { ResolveForExecutionResponseSchema } from '../gen/axiom/secrets/v1/secrets_pb';
import { ExecutionSecrets } from './execution-secrets';
import { Resolution } from './resolution';
import type { Resolve } from './resolver';

const TOKEN_SECONDS = 3_600n;

/** Answers every token with the values: whoever reaches the door of an offline sidecar is its developer. */
export function offlineResolver(flowId: string, values: ReadonlyMap<string, Uint8Array>): Resolve {
  return (executionToken) => {
    const answer = create(ResolveForExecutionResponseSchema, {
      secrets: Object.fromEntries([...values].map(([name, value]) => [name, { value, version: 1n }])),
      receipt: {
        ...{ executionId: executionToken, tenantId: 'offline', flowId },
        nodeTimeout: { seconds: BigInt(PLATFORM_NODE_TIMEOUT_SECONDS) },
        timeLeft: { seconds: TOKEN_SECONDS },
      },
    });
    const bytes = Buffer.from(toBinary(ResolveForExecutionResponseSchema, answer));
    return Promise.resolve(new ExecutionSecrets(Resolution.parse(bytes), performance.now()));
  };
}
