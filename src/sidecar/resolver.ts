/** Asks the execution server for an execution's secrets, with bounded retries. */

import { status, type Client } from '@grpc/grpc-js';
import { DomainError, type ErrorCode } from '../domain/errors';
import { tokenNotInForce } from '../domain/execution-token';
import { SecretsService } from '../gen/axiom/secrets/v1/secrets_pb';
import { callUnary, type ClientMethod } from '../wire/calls';
import { wireMethod } from '../wire/method';
import { StatusError } from '../wire/status-error';
import { retrying } from './retrying';
import { ExecutionSecrets } from './execution-secrets';
import { Resolution } from './resolution';

const ATTEMPTS = 4;
const ATTEMPT_TIMEOUT_MS = 5_000;
const BACK_OFF = { firstMs: 100, maxMs: 1_000 };

/** @throws DomainError UNAUTHENTICATED for a token not in force, UNAVAILABLE where the service is out of reach, else the service's own. */
export type Resolve = (executionToken: string) => Promise<ExecutionSecrets>;

export function resolver(client: Client): Resolve {
  const method: ClientMethod<{ executionToken: string }, Resolution> = {
    path: wireMethod(SecretsService.method.resolveForExecution).path,
    requestSerialize: wireMethod(SecretsService.method.resolveForExecution).requestSerialize,
    responseDeserialize: (bytes) => Resolution.parse(bytes),
  };
  return async (executionToken) => {
    try {
      return await retrying(ATTEMPTS, BACK_OFF, isOutOfReach, async () => {
        const askedAt = performance.now();
        const deadline = Date.now() + ATTEMPT_TIMEOUT_MS;
        return new ExecutionSecrets(
          await callUnary(client, method, { executionToken }, { deadline }),
          askedAt,
        );
      });
    } catch (error) {
      throw resolutionFailure(error);
    }
  };
}

function isOutOfReach(error: unknown): boolean {
  return (
    error instanceof StatusError &&
    (error.code === status.UNAVAILABLE || error.code === status.DEADLINE_EXCEEDED)
  );
}

// Which of the service's own failures reach the engine as they are. Their texts are made for callers and hold no value.
const PASSED_ON: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'FAILED_PRECONDITION',
  'RESOURCE_EXHAUSTED',
  'DATA_LOSS',
  'NOT_FOUND',
]);

function resolutionFailure(error: unknown): unknown {
  if (!(error instanceof StatusError)) return error;
  if (error.code === status.UNAUTHENTICATED || error.code === status.INVALID_ARGUMENT)
    return tokenNotInForce();
  const code = error.codeName as ErrorCode;
  if (PASSED_ON.has(code)) return new DomainError(code, error.message, 'RESOLUTION_FAILED');
  return new DomainError(
    'UNAVAILABLE',
    isOutOfReach(error)
      ? 'the secrets service is out of reach; executions that have begun go on, try this one again shortly'
      : `the secrets service could not answer (${error.codeName}); its log has the reason`,
    'SECRETS_SERVICE_UNAVAILABLE',
  );
}
