/**
 * Who visits the console, by the session that the request shows. The credential is the session's token alone: with other
 * cookies beside it one session would pass for as many as it likes, each with turns of its own.
 */

import type { TenantPrincipal } from '../../domain/principal';
import type { Waiter } from '../../domain/waiter';
import type { ConsoleParts } from './parts';
import { sessionTokenIn } from './sessions';
import type { Visit } from './visit';

/** @param client who waits for it. @param whose as Sessions.authenticate has it. @throws as it does, and as FailedProofs.judge. */
export function judgeSession(
  { sessions, failedProofs }: Pick<ConsoleParts, 'sessions' | 'failedProofs'>,
  { request, connection }: Pick<Visit, 'request' | 'connection'>,
  client: Waiter,
  whose?: string,
): Promise<TenantPrincipal> {
  const { cookie } = request.headers;
  return failedProofs.judge(connection?.address ?? '', sessionTokenIn(cookie), client, (waiter) =>
    sessions.authenticate(cookie, whose, waiter),
  );
}
