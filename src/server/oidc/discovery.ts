/** What an OpenID provider says of itself (OpenID Connect Discovery 1.0 §4). */

import { readPrivateFile } from '../../files/private-file';
import * as openid from 'openid-client';
import type { OidcConfig } from './config';

/** Answers the provider's metadata; asks the provider at the first call that succeeds. */
export type DiscoverProvider = () => Promise<openid.Configuration>;

/**
 * @returns what discovery answered, asked once; a failure is not remembered.
 * @throws Error when the client's secret cannot be read.
 */
export function discoverOnce(config: OidcConfig): DiscoverProvider {
  const issuer = new URL(config.issuer);
  const secret =
    config.clientSecretFile === undefined
      ? undefined
      : readPrivateFile(config.clientSecretFile).toString('utf8').trim();
  const authentication = secret === undefined ? openid.None() : openid.ClientSecretBasic(secret);
  // Plain text stays on this machine (see parseOidc); the library refuses it unless told.
  const execute = issuer.protocol === 'http:' ? [openid.allowInsecureRequests] : [];
  let found: Promise<openid.Configuration> | undefined;
  return () => {
    found ??= openid
      .discovery(issuer, config.clientId, undefined, authentication, { execute })
      .catch((error: unknown) => {
        found = undefined;
        throw error;
      });
    return found;
  };
}
