/** What the console's door is made of. */

import type { ListenerLimits } from '../../wire/listener/limits';
import type { DispatchContext } from '../admission';
import type { ApiKeyAuthenticator } from '../bearer';
import type { FailedProofs } from '../failed-proofs';
import type { ServedMethod } from '../method-table';
import type { OpenIdLogin } from '../oidc/login';
import type { Sessions } from './sessions';
import type { StaticFiles } from './static-files';

export interface ConsoleParts {
  readonly context: DispatchContext;
  readonly methods: readonly ServedMethod[];
  readonly keys: ApiKeyAuthenticator;
  readonly sessions: Sessions;
  readonly failedProofs: FailedProofs;
  readonly files: StaticFiles;
  /** Undefined: people log in with API keys only. */
  readonly oidc: OpenIdLogin | undefined;
  readonly limits: ListenerLimits;
}
