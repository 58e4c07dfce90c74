#!/usr/bin/env node
/** The `axiom` command. One file a command; this one only puts them together. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommanderError, type Command } from 'commander';
import { registerApiKeys } from './api-keys';
import { registerAudit } from './audit';
import { registerCompletion } from './completion';
import { registerConfigs } from './configs';
import { AxiomCommand } from './environment';
import { EXIT } from './exit-codes';
import { printFailure, toFailure } from './failure';
import { registerGenerate } from './generate';
import { registerLogin } from './login';
import { registerPackages } from './packages';
import { registerRun } from './run';
import { registerSecrets } from './secrets';
import { registerServe } from './serve';
import { registerSidecar } from './sidecar';
import { registerTenants } from './tenants';
import { registerTest } from './test';
import { registerValidate } from './validate';

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 exists already or has changed,
5 not allowed, 6 service unreachable, 7 request refused.
Every flag has an environment variable: --data-dir is AXIOM_DATA_DIR.`;

function createProgram(): Command {
  const { version } = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as { version: string };
  const program = new AxiomCommand('axiom')
    .description('The secrets service for flow platforms.')
    .version(version)
    .addHelpText('after', EXIT_CODES)
    .enablePositionalOptions()
    .exitOverride();
  const register = [
    registerServe,
    registerSidecar,
    registerLogin,
    registerSecrets,
    registerConfigs,
    registerApiKeys,
    registerTenants,
    registerAudit,
    registerGenerate,
    registerTest,
    registerRun,
    registerValidate,
    registerPackages,
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
    // Commander has printed its own message; help and version end with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const failure = toFailure(error);
    printFailure(failure, process.argv.includes('--json'));
    return failure.exitCode;
  }
}

void main().then((code) => process.exit(code));
