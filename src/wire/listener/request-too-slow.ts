/** What a request that does not arrive whole in time is answered, on every gRPC door. */

import { DomainError } from '../../domain/errors';

export function requestTooSlow(): DomainError {
  return new DomainError(
    'DEADLINE_EXCEEDED',
    'the request did not arrive whole in time; send it again, over a faster connection',
    'REQUEST_TOO_SLOW',
  );
}
