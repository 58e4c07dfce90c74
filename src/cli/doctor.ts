/** `axiom doctor`: what is wrong with a service of this machine, or with the way to one elsewhere, and what to do. */

import { existsSync } from 'node:fs';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { Command } from 'commander';
import { AccessService } from '../gen/axiom/access/v1/access_pb';
import { dataDirAt } from '../server/data-dir';
import { findLogin, findServiceInfo, withConnection, withLogin, type ConnectionFlags } from './connection';
import { defaultDataDir } from './data-folder';
import {
  certificateFindings,
  clockFinding,
  databaseFinding,
  diskFinding,
  failed,
  permissionFindings,
  socketFinding,
  type Finding,
} from './doctor-checks';
import { EXIT } from './exit-codes';
import { toFailure } from './failure';
import { print, printTable } from './output';
import { doorsOf } from './status';

interface Flags extends ConnectionFlags {
  readonly json?: boolean;
}

const EXAMPLES = `
Looks at the clock, certificates, disk, sockets, permissions and database, and changes nothing. Ends with 1 where
something is wrong.

Examples:
  axiom doctor --data-dir ./data
  axiom doctor --json`;

export function registerDoctor(program: Command): void {
  withConnection(program.command('doctor'))
    .description('look for what is wrong with the service, and say what to do')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Flags) => {
      const findings = [...(await serviceFindings(flags)), ...folderFindings(flags)];
      if (findings.some((one) => one.state === 'failed')) process.exitCode = EXIT.failure;
      if (flags.json) return print(JSON.stringify({ findings }));
      printTable(
        ['CHECK', 'STATE', 'WHAT'],
        findings.map((one) => [one.check, one.state, one.message]),
      );
    });
}

/** What the service says of itself; a call reads its database. */
async function serviceFindings(flags: Flags): Promise<Finding[]> {
  try {
    const login = await findLogin(flags);
    const doors = await doorsOf(login.address, flags);
    const closed = doors
      .filter((one) => !one.answers)
      .map((one) => failed('sockets', `the ${one.door} door takes no connections at ${one.address}`));
    const sent = Date.now();
    const who = await withLogin(login, (door) => door.client(AccessService).whoAmI({}, door.options()));
    const clock =
      who.serverTime === undefined ? [] : [clockFinding(sent, timestampMs(who.serverTime), Date.now())];
    const message = `answers at ${login.address}, version ${who.serviceVersion}`;
    return [{ check: 'service', state: 'ok', message }, ...closed, ...clock];
  } catch (error) {
    return [failed('service', toFailure(error).message)];
  }
}

/** Nothing, where the service is elsewhere. */
function folderFindings(flags: Flags): Finding[] {
  const dir = dataDirAt(flags.dataDir ?? defaultDataDir());
  const isOurs = [dir.management, dir.execution, dir.ca, dir.workloads].some(({ folder }) =>
    existsSync(folder),
  );
  if (!isOurs) return [];
  const socket = findServiceInfo(flags)?.operatorSocket;
  return [
    ...certificateFindings(dir, Date.now()),
    diskFinding(dir),
    ...(socket === undefined ? [] : [socketFinding(socket)]),
    ...permissionFindings(dir),
    databaseFinding(dir),
  ];
}
