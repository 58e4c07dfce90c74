/** `axiom serve`: both halves of the service, or one of them, until a signal. */

import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { DEFAULT_TOKEN_TTL_MS, type ServiceConfig } from '../server/config';
import { createLogger } from '../server/logger';
import { resolveHalfUsers, type HalfUsers } from '../server/half-users';
import { separationOf, type Halves } from '../server/separation';
import { startHalf, startService } from '../server/service';
import { parseAddress, socketPathOf } from '../wire/address';
import { defaultDataDir } from './data-folder';
import { EXIT } from './exit-codes';
import { CliError } from './cli-error';
import { checkReadable } from './flag-file';
import { note, print } from './lines';
import { logLevelOption } from './log-level';
import { untilSignal } from './until-signal';
import { parseSeconds } from './whole-number';
import { addLimitOptions, parseDoorLimits, type LimitFlags } from './serve-limits';
import { addOidcOptions, parseOidc, type OidcFlags } from './serve-oidc';

interface Flags extends OidcFlags, LimitFlags {
  readonly dataDir: string;
  readonly managementAddress: string;
  readonly executionAddress: string;
  readonly consoleAddress: string;
  readonly host: string[];
  readonly tlsCertificate?: string;
  readonly tlsKey?: string;
  readonly clientCa?: string;
  readonly postgresUrlFile?: string;
  readonly postgresMigrationUrlFile?: string;
  readonly insecurePostgres?: boolean;
  readonly managementUser?: string;
  readonly executionUser?: string;
  readonly tokenTtl: string;
  readonly workers: string;
  readonly logLevel: string;
  readonly json?: boolean;
}

const EXAMPLES = `
The first start makes the data folder with a KEK, a CA and certificates, a tenant and an
admin API key (in DIR/admin-api-key); later starts change nothing.

Examples:
  axiom serve
  axiom serve --data-dir ./data --management-address 0.0.0.0:7443 --host secrets.example.com
  axiom serve --management-user axiom-management --execution-user axiom-execution      as root
  axiom serve --data-dir ./data --json --management-address 127.0.0.1:0 --execution-address 127.0.0.1:0`;

const HALF_REMARKS = `
Each half reads DIR/HALF and no other folder, beside DIR/store where the store is SQLite. Before it first
serves it says which files it needs of the other half and of the CA; see docs/operators.md.

Examples:`;

export function registerServe(program: Command): void {
  const serveCommand = program
    .command('serve')
    .description('run the service: management server, execution server and console')
    .option(
      '--management-user <user>',
      'as root: the user whose process the management half is; with --execution-user',
    )
    .option(
      '--execution-user <user>',
      "the user of the execution half, through whose group both share SQLite's file",
    )
    .option('--host <name...>', "more DNS names and IP addresses for the server's certificate", [])
    .addHelpText('after', EXAMPLES)
    .action(serve);
  addManagementOptions(serveCommand);
  addExecutionOptions(serveCommand);
  addCommonOptions(serveCommand);

  const management = serveCommand
    .command('management')
    .description('run the management half alone: the management door and the console')
    .addHelpText(
      'after',
      `${HALF_REMARKS}\n  axiom serve management --data-dir ./data --management-address 0.0.0.0:7443`,
    )
    .action((flags: Flags) => serveHalf('management', flags));
  addManagementOptions(management);
  addCommonOptions(management);

  const execution = serveCommand
    .command('execution')
    .description("run the execution half alone: the execution door and the operator's")
    .addHelpText('after', `${HALF_REMARKS}\n  axiom serve execution --data-dir ./data --workers auto`)
    .action((flags: Flags) => serveHalf('execution', flags));
  addExecutionOptions(execution);
  addCommonOptions(execution);
}

function addManagementOptions(command: Command): void {
  command
    .option(
      '--management-address <host:port>',
      'the management door; port 0 takes a free one',
      DEFAULTS.managementAddress,
    )
    .option('--console-address <host:port>', 'the console', DEFAULTS.consoleAddress);
  addOidcOptions(command);
}

function addExecutionOptions(command: Command): void {
  command
    .option(
      '--execution-address <address>',
      'the execution door: host:port or unix:/path',
      DEFAULTS.executionAddress,
    )
    .option('--client-ca <file>', "PEM file of the CA that signs engines' and sidecars' certificates")
    .option(
      '--workers <workers>',
      'processes that serve the execution door; auto: as many as there are processors',
      DEFAULTS.workers,
    )
    .option('--token-ttl <seconds>', "how long an execution's token lives", DEFAULTS.tokenTtl);
}

function addCommonOptions(command: Command): void {
  command
    .option('--data-dir <folder>', 'where keys, certificates and the store live', defaultDataDir())
    .option('--tls-certificate <file>', "PEM certificate chain to show instead of the data folder's")
    .option('--tls-key <file>', 'PEM key of --tls-certificate')
    .option(
      '--postgres-url-file <file>',
      'keep everything in PostgreSQL: a file with its connection URL; default: SQLite in the data folder',
    )
    .option(
      '--postgres-migration-url-file <file>',
      'the same for a database user that may change the schema; the one that serves needs no right to then',
    )
    .option(
      '--insecure-postgres',
      'let passwords and ciphertexts travel to a PostgreSQL elsewhere without sslmode=verify-full',
    )
    .addOption(logLevelOption('how much to log', 'info'))
    .option('--json', 'print one line of JSON when every server answers');
  addLimitOptions(command);
}

/** What a half that runs alone has no flag for. */
const DEFAULTS = {
  managementAddress: '127.0.0.1:7443',
  executionAddress: '127.0.0.1:7444',
  consoleAddress: '127.0.0.1:7445',
  workers: '1',
  tokenTtl: String(DEFAULT_TOKEN_TTL_MS / 1_000),
  host: [] as string[],
  oidcRole: [] as string[],
};

async function serve(flags: Flags): Promise<void> {
  const users = parseUsers(flags);
  const config = parseFlags(flags, 'both', users);
  const logger = createLogger('serve', config.logLevel);
  const signal = untilSignal();
  const service = await unlessStopped(signal, (stopping) =>
    startService(config, logger, { users, stopping }),
  );
  if (service === undefined) return;
  const { info } = service;
  if (flags.json) {
    print(JSON.stringify(info));
  } else {
    note(`management  ${info.management.address}`);
    note(`execution   ${info.execution.address}`);
    note(`console     https://${info.console.address}/console/secrets`);
    note(`API key     in ${info.adminApiKeyFile}`);
  }
  await signal;
  await service.stop();
}

async function serveHalf(half: 'management' | 'execution', flags: Flags): Promise<void> {
  const config = parseFlags({ ...DEFAULTS, ...flags }, half, undefined);
  const signal = untilSignal();
  const started = await unlessStopped(signal, (stopping) =>
    startHalf(half, config, createLogger('serve', config.logLevel), { stopping }),
  );
  if (started === undefined) return;
  const { info, stop } = started;
  if (flags.json) {
    print(JSON.stringify(info));
  } else {
    if (info.management !== undefined) note(`management  ${info.management.address}`);
    if (info.console !== undefined) note(`console     https://${info.console.address}/console/secrets`);
    if (info.execution !== undefined) note(`execution   ${info.execution.address}`);
    if (info.adminApiKeyFile !== undefined) note(`API key     in ${info.adminApiKeyFile}`);
  }
  await signal;
  await stop();
}

/** @returns undefined where the signal came during the start, which then left nothing running. */
async function unlessStopped<T>(
  signal: Promise<void>,
  start: (stopping: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const stopping = new AbortController();
  void signal.then(() => stopping.abort());
  try {
    return await start(stopping.signal);
  } catch (error) {
    if (stopping.signal.aborted) return undefined;
    throw error;
  }
}

function parseUsers({ managementUser, executionUser }: Flags): HalfUsers | undefined {
  if (managementUser === undefined && executionUser === undefined) return undefined;
  if (managementUser === undefined || executionUser === undefined)
    throw new CliError('--management-user and --execution-user go together', EXIT.usage);
  try {
    return resolveHalfUsers(managementUser, executionUser);
  } catch (error) {
    throw new CliError(error instanceof Error ? error.message : String(error), EXIT.usage);
  }
}

function parseFlags(flags: Flags, halves: Halves, users: HalfUsers | undefined): ServiceConfig {
  const tokenTtlSeconds = parseSeconds('--token-ttl', flags.tokenTtl, 1, 86_400);
  if ((flags.tlsCertificate === undefined) !== (flags.tlsKey === undefined)) {
    throw new CliError('--tls-certificate and --tls-key go together', EXIT.usage);
  }
  const executionPort = socketPathOf(flags.executionAddress) === undefined ? [flags.executionAddress] : [];
  for (const address of [flags.managementAddress, ...executionPort, flags.consoleAddress])
    checkAddress(address);
  const oidc = parseOidc(flags);
  checkReadable('--postgres-url-file', flags.postgresUrlFile);
  checkReadable('--postgres-migration-url-file', flags.postgresMigrationUrlFile);
  checkReadable('--oidc-client-secret-file', flags.oidcClientSecretFile);
  return {
    dataDir: resolve(flags.dataDir),
    managementAddress: flags.managementAddress,
    executionAddress: absolute(flags.executionAddress),
    consoleAddress: flags.consoleAddress,
    hosts: flags.host,
    tls:
      flags.tlsCertificate !== undefined && flags.tlsKey !== undefined
        ? { certificate: resolve(flags.tlsCertificate), key: resolve(flags.tlsKey) }
        : undefined,
    clientCa: resolved(flags.clientCa),
    postgresUrlFile: resolved(flags.postgresUrlFile),
    postgresMigrationUrlFile: resolved(flags.postgresMigrationUrlFile),
    insecurePostgres: flags.insecurePostgres ?? false,
    oidc: oidc && { ...oidc, clientSecretFile: resolved(oidc.clientSecretFile) },
    workers: parseWorkers(flags.workers),
    tokenTtlMs: tokenTtlSeconds * 1_000,
    limits: parseDoorLimits(flags),
    logLevel: flags.logLevel,
    separation: separationOf(halves, users),
    isFirstStart: false,
  };
}

const MAX_WORKERS = 64;

function parseWorkers(text: string): number {
  if (text === 'auto') return Math.min(availableParallelism(), MAX_WORKERS);
  const workers = /^[0-9]{1,9}$/.test(text) ? Number(text) : 0;
  if (workers >= 1 && workers <= MAX_WORKERS) return workers;
  throw new CliError(`--workers is a whole number from 1 to ${MAX_WORKERS}, or auto`, EXIT.usage);
}

/** Relative to where the command was typed: the halves' processes run in another folder. */
function resolved(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(path);
}

function absolute(address: string): string {
  const path = socketPathOf(address);
  return path === undefined ? address : `unix:${path}`;
}

function checkAddress(address: string): void {
  try {
    parseAddress(address);
  } catch (error) {
    throw new CliError(error instanceof Error ? error.message : String(error), EXIT.usage);
  }
}
