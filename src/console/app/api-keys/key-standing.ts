/** What a key is to the person who looks at it: their own, or the last with which anybody can do an admin's work. */

import { timestampMs } from '@bufbuild/protobuf/wkt';
import { useQuery } from '@connectrpc/connect-query';
import { AccessService, Role, type ApiKey } from '../../../gen/axiom/access/v1/access_pb';

export interface KeyStanding {
  /** The person is logged in with it. */
  readonly isOwn: boolean;
  /** No other admin key of the tenant is in force. */
  readonly isLastAdmin: boolean;
}

/** The id of the key that the person is logged in with; undefined where it is none. */
export function useOwnKeyId(): string | undefined {
  const { data } = useQuery(AccessService.method.whoAmI, {}, { staleTime: Infinity });
  return /^api-key:(.*)$/.exec(data?.principal ?? '')?.[1];
}

export function standingOf(
  key: ApiKey,
  keys: readonly ApiKey[],
  ownKeyId: string | undefined,
  now = Date.now(),
): KeyStanding {
  const isAdminInForce = ({ role, revokeTime, expireTime }: ApiKey) =>
    role === Role.ADMIN &&
    revokeTime === undefined &&
    (expireTime === undefined || timestampMs(expireTime) > now);
  return {
    isOwn: key.keyId === ownKeyId,
    isLastAdmin:
      isAdminInForce(key) && !keys.some((other) => other.keyId !== key.keyId && isAdminInForce(other)),
  };
}
