/** What may come next after some words of an `axiom` command: commands, flags, choices, and names that exist. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Argument, Command, Option } from 'commander';
import { AccessService } from '../gen/axiom/access/v1/access_pb';
import { FlowConfigsService } from '../gen/axiom/flowconfigs/v1/flow_configs_pb';
import { PackagesService } from '../gen/axiom/packages/v1/packages_pb';
import { SecretsService } from '../gen/axiom/secrets/v1/secrets_pb';
import { findPackageRoot } from '../manifest/package-root';
import { parseManifest } from '../manifest/parse';
import { allPages } from './all-pages';
import { withManagement, type ConnectionFlags, type Management } from './connection';
import { listConfigs } from './find-config';
import { onOneLine } from './output';

/** Stands for the shell's own completion of paths. */
export const FILES = ':files';

/** Nobody waits longer for a list. */
const NAMES_MS = 2_000;

/** Arguments and values of flags whose names say what they are, where they name something that exists. */
const NAMED: Readonly<Record<string, (flags: Flags) => Promise<readonly string[]>>> = {
  'secrets name': fromService(secretNames),
  'configs name': fromService(secretNames),
  config: fromService(configNames),
  flow: fromService(flowNames),
  'run profile': fromService(profileNames),
  key: fromService(keyNames),
  'packages name': fromService(packageNames),
  'packages name@version': fromService(packageNames),
  node: () => Promise.resolve(nodeNames()),
  workers: () => Promise.resolve(['auto', '1', '2', '4', '8']),
};

/** Of the line that is typed, else a command's defaults. */
type Flags = ConnectionFlags & { readonly flow?: string };

/** Where a name is made up and not one that exists. */
const NEW_NAMES: readonly string[] = ['secrets add', 'api-keys create', 'configs create'];

/** @param words those after `axiom`; the last is being typed, and may be empty. Each answer may have a tab and a description. */
export async function completionsOf(program: Command, words: readonly string[]): Promise<string[]> {
  const current = words.at(-1) ?? '';
  const { command, path, flags: typed, positionals, pending } = followWords(program, words.slice(0, -1));
  const flags = { ...command.opts<Flags>(), ...typed };
  const candidates = async (): Promise<readonly string[]> => {
    if (pending !== undefined) return ofOption(pending, path, flags);
    if (current.startsWith('-')) return command.options.flatMap(flagWords);
    if (command.commands.length > 0 && positionals === 0) return command.commands.flatMap(commandWords);
    const argument = command.registeredArguments[positionals] ?? lastIfVariadic(command);
    return argument === undefined ? [] : ofArgument(argument, path, flags);
  };
  const found = await candidates();
  return found.filter((one) => one === FILES || one.startsWith(current)).map(onOneLine);
}

interface Followed {
  readonly command: Command;
  /** `secrets add` */
  readonly path: string;
  readonly flags: Readonly<Record<string, string>>;
  readonly positionals: number;
  /** The flag whose value is being typed. */
  readonly pending: Option | undefined;
}

function followWords(program: Command, words: readonly string[]): Followed {
  let command = program;
  let [path, positionals] = ['', 0];
  let pending: Option | undefined;
  const flags: Record<string, string> = {};
  for (const word of words) {
    if (pending !== undefined) {
      flags[pending.attributeName()] = word;
      pending = undefined;
      continue;
    }
    if (word.startsWith('-')) {
      const option = command.options.find((one) => one.long === word);
      pending = option !== undefined && !option.isBoolean() ? option : undefined;
      continue;
    }
    const next = command.commands.find((sub) => sub.name() === word || sub.aliases().includes(word));
    if (next === undefined) positionals++;
    else [command, path, positionals] = [next, `${path} ${next.name()}`.trim(), 0];
  }
  return { command, path, flags, positionals, pending };
}

function commandWords(command: Command): string[] {
  const isHidden = (command as unknown as { readonly _hidden?: boolean })._hidden === true;
  return isHidden ? [] : [described(command.name(), command.description())];
}

function flagWords(option: Option): string[] {
  return option.long === undefined ? [] : [described(option.long, option.description)];
}

function described(word: string, description: string): string {
  return `${word}\t${description.split(/[;:.]/)[0]}`;
}

function lastIfVariadic(command: Command): Argument | undefined {
  const last = command.registeredArguments.at(-1);
  return last?.variadic === true ? last : undefined;
}

function ofOption(option: Option, path: string, flags: Flags): Promise<readonly string[]> {
  if (option.argChoices !== undefined) return Promise.resolve(option.argChoices);
  const placeholder = /<([^>]+)>/.exec(option.flags)?.[1] ?? '';
  if (/^(?:file|folder|path)$/.test(placeholder)) return Promise.resolve([FILES]);
  return named(placeholder, path, flags);
}

function ofArgument(argument: Argument, path: string, flags: Flags): Promise<readonly string[]> {
  if (argument.argChoices !== undefined) return Promise.resolve(argument.argChoices);
  if (/^(?:file|folder|path|package)$/.test(argument.name())) return Promise.resolve([FILES]);
  return named(argument.name(), path, flags);
}

/** A name of what exists. Where it cannot be known, nothing: a completion never fails aloud. */
async function named(what: string, path: string, flags: Flags): Promise<readonly string[]> {
  const names = NAMED[`${path.split(' ')[0]} ${what}`] ?? NAMED[what];
  if (names === undefined || NEW_NAMES.includes(path)) return [];
  try {
    return await names(flags);
  } catch {
    return [];
  }
}

function fromService(list: (door: Management, flags: Flags) => Promise<readonly string[]>) {
  return (flags: Flags) => withManagement(connectionOf(flags), (door) => list(door, flags), NAMES_MS);
}

/** The flags of the line that is typed, else their variables. */
function connectionOf(flags: ConnectionFlags): ConnectionFlags {
  const fromEnv = (flag: string | undefined, name: string) => flag ?? (process.env[name] || undefined);
  const all = {
    dataDir: fromEnv(flags.dataDir, 'AXIOM_DATA_DIR'),
    address: fromEnv(flags.address, 'AXIOM_ADDRESS'),
    ca: fromEnv(flags.ca, 'AXIOM_CA'),
    apiKeyFile: fromEnv(flags.apiKeyFile, 'AXIOM_API_KEY_FILE'),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

async function secretNames(door: Management): Promise<readonly string[]> {
  const rows = await allPages(
    (page) => door.client(SecretsService).listSecretNames(page, door.options()),
    (page) => page.secrets,
  );
  return rows.map((row) => row.name);
}

async function configNames(door: Management): Promise<readonly string[]> {
  return (await listConfigs(door, '')).map((row) => `${row.flowId}/${row.profileName}`);
}

async function profileNames(door: Management, { flow = '' }: Flags): Promise<readonly string[]> {
  return (await listConfigs(door, flow)).map((row) => row.profileName);
}

function flowNames(door: Management): Promise<readonly string[]> {
  return allPages(
    (page) => door.client(FlowConfigsService).listFlows(page, door.options()),
    (page) => page.flowIds,
  );
}

async function keyNames(door: Management): Promise<readonly string[]> {
  const rows = await allPages(
    (page) => door.client(AccessService).listApiKeys(page, door.options()),
    (page) => page.apiKeys,
  );
  return rows.filter((row) => row.revokeTime === undefined).map((row) => row.displayName);
}

async function packageNames(door: Management): Promise<readonly string[]> {
  const rows = await allPages(
    (page) => door.client(PackagesService).listPackages(page, door.options()),
    (page) => page.packages,
  );
  return rows.map((row) => `${row.name}@${row.version}`);
}

/** Those of the package around this folder. */
function nodeNames(): readonly string[] {
  const path = join(findPackageRoot('.'), 'axiom.yaml');
  const { manifest } = parseManifest(readFileSync(path, 'utf8'), path);
  return manifest?.nodes.map((node) => node.name) ?? [];
}
