/** The reads of the tenant's secrets. A tenant has at most 1,000, so one page is all of them. */

import { useQuery } from '@connectrpc/connect-query';
import { UsageService } from '../../../gen/axiom/usage/v1/usage_pb';

export function useSecretUsage() {
  return useQuery(UsageService.method.listSecretUsage, { pageSize: 1_000 });
}
