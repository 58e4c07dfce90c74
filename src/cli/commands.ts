/** Which module has which command. Only that of the command that was asked for is loaded: all of them take half a second. */

import type { Command } from 'commander';
import { ASK_COMPLETIONS } from './ask-completions';

interface Module {
  /** The commands that it registers. */
  readonly names: readonly string[];
  /** @returns what registers them. */
  readonly load: () => (program: Command) => void;
}

/* eslint-disable @typescript-eslint/no-require-imports -- loaded only where it is used */
/** In the order in which help lists them. */
export const MODULES: readonly Module[] = [
  { names: ['serve'], load: () => (require('./serve') as typeof import('./serve')).registerServe },
  { names: ['sidecar'], load: () => (require('./sidecar') as typeof import('./sidecar')).registerSidecar },
  {
    names: ['login', 'logout', 'whoami'],
    load: () => (require('./login') as typeof import('./login')).registerLogin,
  },
  { names: ['secrets'], load: () => (require('./secrets') as typeof import('./secrets')).registerSecrets },
  { names: ['configs'], load: () => (require('./configs') as typeof import('./configs')).registerConfigs },
  { names: ['api-keys'], load: () => (require('./api-keys') as typeof import('./api-keys')).registerApiKeys },
  {
    names: ['certificates'],
    load: () => (require('./certificates') as typeof import('./certificates')).registerCertificates,
  },
  {
    names: ['sessions'],
    load: () => (require('./sessions') as typeof import('./sessions')).registerSessions,
  },
  { names: ['tenants'], load: () => (require('./tenants') as typeof import('./tenants')).registerTenants },
  { names: ['audit'], load: () => (require('./audit') as typeof import('./audit')).registerAudit },
  { names: ['backup'], load: () => (require('./backup') as typeof import('./backup')).registerBackup },
  { names: ['restore'], load: () => (require('./restore') as typeof import('./restore')).registerRestore },
  {
    names: ['migrate-store'],
    load: () => (require('./migrate-store') as typeof import('./migrate-store')).registerMigrateStore,
  },
  { names: ['verify'], load: () => (require('./verify') as typeof import('./verify')).registerVerify },
  {
    names: ['generate'],
    load: () => (require('./generate') as typeof import('./generate')).registerGenerate,
  },
  { names: ['test'], load: () => (require('./test') as typeof import('./test')).registerTest },
  { names: ['run'], load: () => (require('./run') as typeof import('./run')).registerRun },
  {
    names: ['validate'],
    load: () => (require('./validate') as typeof import('./validate')).registerValidate,
  },
  {
    names: ['push', 'packages'],
    load: () => (require('./packages') as typeof import('./packages')).registerPackages,
  },
  {
    names: ['version', 'status'],
    load: () => (require('./status') as typeof import('./status')).registerStatus,
  },
  { names: ['doctor'], load: () => (require('./doctor') as typeof import('./doctor')).registerDoctor },
  {
    names: ['completion', ASK_COMPLETIONS],
    load: () => (require('./completion') as typeof import('./completion')).registerCompletion,
  },
];
/* eslint-enable */

/**
 * Registers the command that is asked for, or whose next word is; all of them where it is none: help and suggestions
 * tell of all.
 * @param args those after `axiom`.
 */
export function registerCommands(program: Command, args: readonly string[]): void {
  const [first, separator, ...words] = args;
  const isAsked = first === ASK_COMPLETIONS && separator === '--';
  // The word that is being typed names nothing yet.
  const command = isAsked ? words.slice(0, -1)[0] : first;
  const isWanted = ({ names }: Module) =>
    (command !== undefined && names.includes(command)) || (isAsked && names.includes(ASK_COMPLETIONS));
  const isNamed = MODULES.some(({ names }) => command !== undefined && names.includes(command));
  const wanted = isNamed ? MODULES.filter(isWanted) : MODULES;
  for (const { load } of wanted) load()(program);
}
