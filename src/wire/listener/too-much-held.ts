/** The refusal of a call whose bytes are too many for who sends them, together with those of its other calls. */

import { DomainError } from '../../domain/errors';

/** Said as a status: of a reset, which says as much, later clients of gRPC for Node tell that the service cannot be reached. */
export function tooMuchHeld(): DomainError {
  return new DomainError(
    'RESOURCE_EXHAUSTED',
    'the calls of this credential that are under way hold as many bytes as they may; send less at once',
    'TOO_MANY_BYTES_HELD',
  );
}
