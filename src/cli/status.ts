/** `axiom version` and `axiom status`: what runs where, of which version, and as whom you are there. */

import { statSync } from 'node:fs';
import { connect } from 'node:net';
import { toJson } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import {
  AccessService,
  Role,
  WhoAmIResponseSchema,
  type WhoAmIResponse,
} from '../gen/axiom/access/v1/access_pb';
import { dataDirAt } from '../server/data-dir';
import { packageVersion } from '../server/package-version';
import { parseAddress, socketPathOf } from '../wire/address';
import { findLogin, findServiceInfo, withConnection, withLogin, type ConnectionFlags } from './connection';
import { EXIT } from './exit-codes';
import { toFailure } from './failure';
import { print } from './output';

interface Flags extends ConnectionFlags {
  readonly json?: boolean;
}

/** One door of the service. */
export interface DoorStatus {
  readonly door: 'management' | 'console' | 'execution' | 'operator';
  readonly address: string;
  readonly answers: boolean;
}

interface StoreStatus {
  readonly bytes: number;
  /** Long where a reader keeps it from being cut: 64 MiB and more are warned of in the service's log. */
  readonly logBytes: number;
}

/** How long a door may take to take a connection, in milliseconds. */
const CONNECT_MS = 3_000;

const EXAMPLES = `
Ends with 0 when every door that it knows of takes connections and your credential is in force.

Examples:
  axiom status
  axiom status --json | jq -r .service.version`;

export function registerStatus(program: Command): void {
  program
    .command('version')
    .description('print the version of this command; `axiom status` has that of the service')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  axiom version --json')
    .action(({ json }: Flags) => {
      const version = packageVersion();
      print(json ? JSON.stringify({ version, node: process.versions.node }) : version);
    });

  withConnection(program.command('status'))
    .description('say which service this is: its doors, its version, and who you are there')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(showStatus);
}

async function showStatus(flags: Flags): Promise<void> {
  const login = await findLogin(flags);
  const doors = await doorsOf(login.address, flags);
  const store = storeOf(login.address, flags);
  const asked = await withLogin(login, (door) => door.client(AccessService).whoAmI({}, door.options())).then(
    (who) => ({ who, failure: undefined }),
    (error: unknown) => ({ who: undefined, failure: toFailure(error) }),
  );
  const { who, failure } = asked;
  if (failure !== undefined) process.exitCode = failure.exitCode;
  else if (doors.some((one) => !one.answers)) process.exitCode = EXIT.unavailable;
  if (flags.json) {
    const shown = who && toJson(WhoAmIResponseSchema, who, { alwaysEmitImplicit: true });
    const service = who && { version: who.serviceVersion };
    const error = failure && { code: failure.code, message: failure.message };
    return print(JSON.stringify({ version: packageVersion(), service, doors, store, who: shown, error }));
  }
  print(`command     ${packageVersion()}`);
  print(
    `service     ${who === undefined ? 'does not say' : who.serviceVersion || 'of a version before 0.2'}`,
  );
  for (const { door, address, answers } of doors)
    print(`${door.padEnd(10)}  ${address}${answers ? '' : '  takes no connections'}`);
  if (store !== undefined)
    print(`store       ${mebibytes(store.bytes)} MiB, its write-ahead log ${mebibytes(store.logBytes)} MiB`);
  print(`you         ${who === undefined ? (failure?.message ?? '') : whom(who)}`);
}

/** The management door, and what else runs on this machine. */
export async function doorsOf(management: string, flags: ConnectionFlags): Promise<DoorStatus[]> {
  const info = findServiceInfo(flags);
  const isLocal = info?.management?.address === management;
  const known: Omit<DoorStatus, 'answers'>[] = [{ door: 'management', address: management }];
  if (isLocal) {
    if (info.console !== undefined) known.push({ door: 'console', address: info.console.address });
    if (info.execution !== undefined) known.push({ door: 'execution', address: info.execution.address });
    if (info.operatorSocket !== undefined)
      known.push({ door: 'operator', address: `unix:${info.operatorSocket}` });
  }
  return Promise.all(known.map(async (one) => ({ ...one, answers: await takesConnections(one.address) })));
}

/** How long SQLite's files are, where the service keeps its store in a data folder of this machine that may be read. */
function storeOf(management: string, flags: ConnectionFlags): StoreStatus | undefined {
  const info = findServiceInfo(flags);
  if (info?.management?.address !== management) return undefined;
  const { store } = dataDirAt(info.dataDir);
  const bytes = lengthOf(store);
  return bytes === undefined ? undefined : { bytes, logBytes: lengthOf(`${store}-wal`) ?? 0 };
}

function lengthOf(path: string): number | undefined {
  try {
    return statSync(path).size;
  } catch {
    return undefined;
  }
}

const mebibytes = (bytes: number): string => (bytes / 1_048_576).toFixed(1);

function takesConnections(address: string): Promise<boolean> {
  const path = socketPathOf(address);
  const socket = path === undefined ? connect(parseAddress(address)) : connect({ path });
  return new Promise((resolve) => {
    const end = (answers: boolean) => {
      socket.destroy();
      resolve(answers);
    };
    socket.setTimeout(CONNECT_MS, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

function whom(who: WhoAmIResponse): string {
  return `${who.displayName} (${who.principal}), ${Role[who.role].toLowerCase()} of tenant ${who.tenantId}`;
}
