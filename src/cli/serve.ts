/** `axiom serve`: the management server and the execution server, until a signal. */

import { Option, type Command } from 'commander';
import { DEFAULT_TOKEN_TTL_MS, parseAddress, socketPathOf, type ServiceConfig } from '../server/config';
import { createLogger } from '../server/logger';
import { startService } from '../server/service';
import { defaultDataDir } from './connection';
import { EXIT } from './exit-codes';
import { CliError } from './failure';
import { note, print } from './output';
import { untilSignal } from './until-signal';
import { parseSeconds } from './whole-number';
import { addOidcOptions, parseOidc, type OidcFlags } from './serve-oidc';

interface Flags extends OidcFlags {
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
  readonly tokenTtl: string;
  readonly logLevel: string;
  readonly json?: boolean;
}

const EXAMPLES = `
The first start makes the data folder with a KEK, a CA and certificates, a tenant and an
admin API key (in DIR/admin-api-key); later starts change nothing.

Examples:
  axiom serve
  axiom serve --data-dir ./data --management-address 0.0.0.0:7443 --host secrets.example.com
  axiom serve --data-dir ./data --json --management-address 127.0.0.1:0 --execution-address 127.0.0.1:0`;

export function registerServe(program: Command): void {
  const serveCommand = program
    .command('serve')
    .description('run the service: management server, execution server and console')
    .option('--data-dir <folder>', 'where keys, certificates and the store live', defaultDataDir())
    .option(
      '--management-address <host:port>',
      'the management door; port 0 takes a free one',
      '127.0.0.1:7443',
    )
    .option('--execution-address <address>', 'the execution door: host:port or unix:/path', '127.0.0.1:7444')
    .option('--console-address <host:port>', 'the console', '127.0.0.1:7445')
    .option('--host <name...>', "more DNS names and IP addresses for the server's certificate", [])
    .option('--tls-certificate <file>', "PEM certificate chain to show instead of the data folder's")
    .option('--tls-key <file>', 'PEM key of --tls-certificate')
    .option('--client-ca <file>', "PEM file of the CA that signs engines' and sidecars' certificates")
    .option(
      '--postgres-url-file <file>',
      'keep everything in PostgreSQL: a file with its connection URL; default: SQLite in the data folder',
    )
    .option(
      '--postgres-migration-url-file <file>',
      'the same for a database user that may change the schema; the one that serves needs no right to then',
    )
    .option(
      '--token-ttl <seconds>',
      "how long an execution's token lives",
      String(DEFAULT_TOKEN_TTL_MS / 1_000),
    )
    .addOption(
      new Option('--log-level <level>', 'how much to log')
        .choices(['error', 'warn', 'info', 'debug', 'trace'])
        .default('info'),
    )
    .option('--json', 'print one line of JSON when every server answers')
    .addHelpText('after', EXAMPLES)
    .action(serve);
  addOidcOptions(serveCommand);
}

async function serve(flags: Flags): Promise<void> {
  const config = parseFlags(flags);
  const logger = createLogger('serve', config.logLevel);
  const service = await startService(config, logger);
  const { info } = service;
  const signal = untilSignal();
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

function parseFlags(flags: Flags): ServiceConfig {
  const tokenTtlSeconds = parseSeconds('--token-ttl', flags.tokenTtl, 1, 86_400);
  if ((flags.tlsCertificate === undefined) !== (flags.tlsKey === undefined)) {
    throw new CliError('--tls-certificate and --tls-key go together', EXIT.usage);
  }
  const executionPort = socketPathOf(flags.executionAddress) === undefined ? [flags.executionAddress] : [];
  for (const address of [flags.managementAddress, ...executionPort, flags.consoleAddress])
    checkAddress(address);
  return {
    dataDir: flags.dataDir,
    managementAddress: flags.managementAddress,
    executionAddress: flags.executionAddress,
    consoleAddress: flags.consoleAddress,
    hosts: flags.host,
    tls:
      flags.tlsCertificate !== undefined && flags.tlsKey !== undefined
        ? { certificate: flags.tlsCertificate, key: flags.tlsKey }
        : undefined,
    clientCa: flags.clientCa,
    postgresUrlFile: flags.postgresUrlFile,
    postgresMigrationUrlFile: flags.postgresMigrationUrlFile,
    oidc: parseOidc(flags),
    tokenTtlMs: tokenTtlSeconds * 1_000,
    logLevel: flags.logLevel,
  };
}

function checkAddress(address: string): void {
  try {
    parseAddress(address);
  } catch (error) {
    throw new CliError(error instanceof Error ? error.message : String(error), EXIT.usage);
  }
}
