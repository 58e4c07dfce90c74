#!/usr/bin/env node
/** The `axiom` command. One file a command; this one only puts them together. */

// First: everything after it takes time to load.
import './early-signal';
import { CommanderError, type Command } from 'commander';
import { packageVersion } from '../server/package-version';
import { registerApiKeys } from './api-keys';
import { registerAudit } from './audit';
import { registerBackup } from './backup';
import { registerCompletion } from './completion';
import { registerConfigs } from './configs';
import { registerCertificates } from './certificates';
import { AxiomCommand, wantsJson } from './environment';
import { EXIT } from './exit-codes';
import { printFailure, toFailure } from './failure';
import { registerDoctor } from './doctor';
import { registerGenerate } from './generate';
import { registerLogin } from './login';
import { registerPackages } from './packages';
import { registerMigrateStore } from './migrate-store';
import { registerRestore } from './restore';
import { registerRun } from './run';
import { registerSecrets } from './secrets';
import { registerServe } from './serve';
import { registerSessions } from './sessions';
import { registerSidecar } from './sidecar';
import { registerStatus } from './status';
import { registerTenants } from './tenants';
import { registerTest } from './test';
import { registerValidate } from './validate';
import { registerVerify } from './verify';

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 exists already or has changed,
5 not allowed, 6 service unreachable, 7 request refused.
Flags that say where and how have an environment variable: --data-dir is AXIOM_DATA_DIR. Help names it.`;

function createProgram(): Command {
  const program = new AxiomCommand('axiom')
    .description('The secrets service for flow platforms.')
    .version(packageVersion())
    .addHelpText('after', EXIT_CODES)
    .enablePositionalOptions()
    // Wrong usage is told like every other failure: once, and as JSON where that was asked for.
    .configureOutput({ outputError: () => undefined })
    .exitOverride()
    .refuseEmptyFlags();
  const register = [
    registerServe,
    registerSidecar,
    registerLogin,
    registerSecrets,
    registerConfigs,
    registerApiKeys,
    registerCertificates,
    registerSessions,
    registerTenants,
    registerAudit,
    registerBackup,
    registerRestore,
    registerMigrateStore,
    registerVerify,
    registerGenerate,
    registerTest,
    registerRun,
    registerValidate,
    registerPackages,
    registerStatus,
    registerDoctor,
    registerCompletion,
  ];
  for (const one of register) one(program);
  return program;
}

async function main(): Promise<number> {
  try {
    await createProgram().parseAsync();
    return typeof process.exitCode === 'number' ? process.exitCode : EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok; // help, version
    if (error instanceof CommanderError && error.code === 'commander.help') return EXIT.usage; // the help has been printed
    const failure = toFailure(error);
    printFailure(failure, wantsJson());
    return failure.exitCode;
  }
}

// A reader that has seen enough, as `axiom audit | head`, is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.failure),
);
void main().then((code) => process.exit(code));
