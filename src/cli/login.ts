/** `axiom login`, `axiom logout` and `axiom whoami`: which service, as whom. */

import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import {
  AccessService,
  Role,
  Separation,
  WhoAmIResponseSchema,
  type WhoAmIResponse,
} from '../gen/axiom/access/v1/access_pb';
import { writePrivateFile } from '../files/whole-file';
import { apiKeyVariable } from './api-key-variable';
import {
  findLogin,
  loginFile,
  withConnection,
  withLogin,
  withManagement,
  type ConnectionFlags,
  type Login,
  type Management,
} from './connection';
import { askMasked } from './masked-prompt';
import { note, print, printJson } from './output';
import { checkedVerifyingKeyset } from './sealing';
import { readStdin } from './value-input';

interface Flags extends ConnectionFlags {
  readonly json?: boolean;
  readonly service?: boolean;
}

const SEPARATIONS: Readonly<Record<Separation, string>> = {
  [Separation.UNSPECIFIED]: 'the service does not say what keeps its halves apart; it is of another version',
  [Separation.KEYS_ONLY]:
    'both halves run as one user: nothing but their keys keeps them apart; run them as two users, or on Node 22.13 or later',
  [Separation.PERMISSION_MODEL]:
    "both halves run as one user; Node's permission model keeps the management process from files of the other",
  [Separation.OWN_USERS]: 'each half runs as a user of its own',
  [Separation.OWN_PROCESS]: 'the management half runs alone; the execution half is run elsewhere',
};

const EXAMPLES = `
The key comes from --api-key-file, the data folder, stdin or a masked prompt; never from an argument.

Examples:
  axiom login --data-dir ./data
  axiom login --address secrets.example.com:7443 --ca ca.crt     asks for the key, masked`;

export function registerLogin(program: Command): void {
  withConnection(program.command('login'))
    .description(
      'keep an address, an API key and the verifying keyset for later commands, in a file that only you can read',
    )
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Flags) => {
      const login = await askLogin(flags);
      const { who, pinned } = await withLogin(login, async (door) => ({
        who: await whoAmI(door),
        pinned: Buffer.from(await checkedVerifyingKeyset(door)).toString('base64'),
      }));
      mkdirSync(dirname(loginFile()), { recursive: true, mode: 0o700 });
      writePrivateFile(loginFile(), `${JSON.stringify({ ...login, verifyingKeyset: pinned })}\n`);
      show(who, flags.json ?? false);
    });

  program
    .command('logout')
    .description('forget what login kept')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  axiom logout')
    .action(({ json }: Flags) => {
      const stood = existsSync(loginFile());
      rmSync(loginFile(), { force: true });
      if (json) print('{}');
      else note(stood ? 'logged out' : 'there was no login');
    });

  withConnection(program.command('whoami'))
    .description('say which tenant and role your credential has')
    .option('--service', "say what keeps the service's two halves apart instead")
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  axiom whoami\n  axiom whoami --service')
    .action(async (flags: Flags) => {
      const who = await withManagement(flags, whoAmI);
      if (flags.service === true && flags.json !== true) print(SEPARATIONS[who.separation]);
      else show(who, flags.json ?? false);
    });
}

/** With an address and a CA but no key file, the key is asked for. */
async function askLogin(flags: Flags): Promise<Login> {
  const isKeyGiven = flags.apiKeyFile !== undefined || apiKeyVariable() !== undefined;
  if (flags.address === undefined || flags.ca === undefined || isKeyGiven) return findLogin(flags);
  const apiKey = process.stdin.isTTY ? await askMasked('API key') : await readStdin();
  return findLogin(flags, Buffer.from(apiKey).toString('utf8'));
}

function whoAmI(door: Management): Promise<WhoAmIResponse> {
  return door.client(AccessService).whoAmI({}, door.options());
}

function show(who: WhoAmIResponse, json: boolean): void {
  if (json) return printJson(WhoAmIResponseSchema, who);
  print(`${who.displayName} (${who.principal}), ${Role[who.role].toLowerCase()} of tenant ${who.tenantId}`);
}
