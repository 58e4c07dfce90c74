/** Sealing for forms: fetches the tenant's public keyset, and the code that seals, when a value is saved. */

import { createClient } from '@connectrpc/connect';
import { useTransport } from '@connectrpc/connect-query';
import { SecretsService } from '../../../gen/axiom/secrets/v1/secrets_pb';
import type { Place } from './seal-value';

/** @returns a function that answers the content of a write. It leaves the value's bytes as they are. */
export function useSealing() {
  const client = createClient(SecretsService, useTransport());
  return async (place: Place, value: Uint8Array) => {
    const [keyset, { sealValue }] = await Promise.all([client.getPublicKeyset({}), import('./seal-value')]);
    return sealValue(keyset, place, value);
  };
}
