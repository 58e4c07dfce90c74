/** `axiom sessions list|end`: console sessions. */

import type { Command } from 'commander';
import {
  AccessService,
  EndSessionsResponseSchema,
  ListSessionsResponseSchema,
  Role,
} from '../gen/axiom/access/v1/access_pb';
import { withConnection, withManagement, type ConnectionFlags } from './connection';
import { withExamples } from './examples';
import { EXIT } from './exit-codes';
import { CliError } from './failure';
import { print, printJson, printTable, showTime } from './output';

interface Flags extends ConnectionFlags {
  readonly json?: boolean;
}

interface EndFlags extends Flags {
  readonly principal?: string;
  readonly everywhere?: boolean;
}

const EXAMPLES = [
  'axiom sessions list --all',
  'axiom sessions end SESSION_ID                      an id that list shows',
  'axiom sessions end --everywhere                    all of your own',
  'axiom sessions end --principal oidc:ada            all of hers, for admins',
];

export function registerSessions(program: Command): void {
  const sessions = program
    .command('sessions')
    .description("console sessions: your own and, for admins, everybody's");
  withExamples(sessions, EXAMPLES);

  withConnection(sessions.command('list').alias('ls'))
    .description('list the sessions that are in force')
    .option('--all', "everybody's of your tenant, for admins")
    .option('--json', 'print JSON')
    .action(async (flags: Flags & { all?: boolean }) => {
      await withManagement(flags, async (door) => {
        const request = { allPrincipals: flags.all ?? false };
        const answer = await door.client(AccessService).listSessions(request, door.options());
        if (flags.json) return printJson(ListSessionsResponseSchema, answer);
        printTable(
          ['ID', 'WHO', 'NAME', 'ROLE', 'OPENED', 'LAST USED'],
          answer.sessions.map((one) => [
            ...[one.sessionId, one.principal, one.displayName, Role[one.role].toLowerCase()],
            ...[showTime(one.createTime), showTime(one.lastUseTime)],
          ]),
        );
      });
    });

  withConnection(sessions.command('end [id]'))
    .description("end a session, or all of somebody's, at once")
    .option('--everywhere', 'all sessions of your own')
    .option('--principal <who>', 'all sessions of somebody that list --all shows, for admins')
    .option('--json', 'print JSON')
    .action(async (sessionId: string | undefined, flags: EndFlags) => {
      const named = [sessionId, flags.principal, flags.everywhere].filter((one) => one !== undefined);
      if (named.length !== 1)
        throw new CliError("name one: a session's id, --principal or --everywhere", EXIT.usage);
      await withManagement(flags, async (door) => {
        const request = { sessionId: sessionId ?? '', principal: flags.principal ?? '' };
        const answer = await door.client(AccessService).endSessions(request, door.options());
        if (flags.json) return printJson(EndSessionsResponseSchema, answer);
        print(`ended ${answer.endedCount} ${answer.endedCount === 1 ? 'session' : 'sessions'}`);
      });
    });
}
