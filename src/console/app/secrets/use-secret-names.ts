/** The names of the tenant's secrets. A tenant has at most 1,000, so one page is all of them. */

import { useQuery } from '@connectrpc/connect-query';
import { SecretsService } from '../../../gen/axiom/secrets/v1/secrets_pb';

export const ALL_NAMES = { pageSize: 1_000 };

export function useSecretNames() {
  return useQuery(SecretsService.method.listSecretNames, ALL_NAMES);
}
