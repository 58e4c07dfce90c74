/** Where the service is and what proves us to it: flags, then the login, then the data folder. */

import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { DescService } from '@bufbuild/protobuf';
import type { Channel } from '@grpc/grpc-js';
import type { Command } from 'commander';
import { DomainError } from '../domain/errors';
import { readPrivateFile } from '../files/private-file';
import { dataDirAt } from '../server/data-dir';
import type { HalfInfo } from '../server/service-file';
import { openChannel, wireClient, type CallOptions, type WireClient } from '../wire/client';
import { apiKeyFromStdin, oneCredential, STDIN } from './api-key-source';
import { apiKeyVariable } from './api-key-variable';
import { defaultDataDir } from './data-folder';
import { parseDoorAddress } from './door-address';
import { EXIT } from './exit-codes';
import { CliError } from './failure';
import { unreadable } from './flag-file';

/** How long a call may take, in milliseconds. */
const CALL_TIMEOUT_MS = 30_000;

/** The flags that say how to reach the management door. */
export interface ConnectionFlags {
  readonly dataDir?: string;
  readonly address?: string;
  readonly ca?: string;
  readonly apiKeyFile?: string;
  readonly verifyingKeyset?: string;
}

/** What `axiom login` keeps. */
export interface Login {
  readonly address: string;
  readonly caCertificate: string;
  readonly apiKey: string;
  /**
   * Base64 of the keyset that the service's signatures must hold under. Undefined where only the connection
   * vouches for it: an address, a CA and a key given by flags.
   */
  readonly verifyingKeyset: string | undefined;
}

/** Adds the connection's flags to a command. */
export function withConnection(command: Command): Command {
  return command
    .option('--data-dir <folder>', 'data folder of a local service; enough to find it and its certificates')
    .option('--address <host:port>', "the management door, where it is not the data folder's")
    .option('--ca <file>', "PEM file of the CA that signed the door's certificate")
    .option(
      '--api-key-file <file>',
      "file that holds the API key or ID token, - is stdin; default: the key in AXIOM_API_KEY, the login's, or the data folder's admin key",
    )
    .option(
      '--verifying-keyset <file>',
      "the service's verifying keyset; default: the data folder's, or the one that the login pinned",
    );
}

/** Where `axiom login` keeps what it was told, mode 0600. */
export function loginFile(): string {
  return join(process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'axiom', 'login.json');
}

/** The running service of a data folder, or the halves that run there. @throws CliError when none ever did. */
export function readServiceInfo(dataDir: string): HalfInfo {
  const dir = dataDirAt(dataDir);
  const paths = existsSync(dir.serviceInfo)
    ? [dir.serviceInfo]
    : [dir.management.serviceInfo, dir.execution.serviceInfo].filter((path) => existsSync(path));
  if (paths.length === 0) {
    throw new CliError(
      `no service has run in ${resolve(dataDir)}; start one with \`axiom serve --data-dir ${dataDir}\`, or say where it is with --address or \`axiom login\``,
      EXIT.unavailable,
    );
  }
  const kept = Object.assign(
    {},
    ...paths.map((path) => parseKept<HalfInfo>(path, 'start the service again')),
  ) as HalfInfo;
  const { management, console, execution } = kept;
  return {
    ...kept,
    ...(management && { management: fromHere(management) }),
    ...(console && { console: fromHere(console) }),
    ...(execution && { execution: fromHere(execution) }),
  };
}

/** A door that listens everywhere is called on this machine's own address: no certificate has the other. */
function fromHere<T extends { readonly address: string }>(door: T): T {
  const address = door.address.replace(/^0\.0\.0\.0:/, '127.0.0.1:').replace(/^\[::\]:/, '[::1]:');
  return { ...door, address };
}

/** The service of the flags' data folder or of the usual one; undefined where none ever ran there. */
export function findServiceInfo({ dataDir }: ConnectionFlags): HalfInfo | undefined {
  try {
    return readServiceInfo(dataDir ?? defaultDataDir());
  } catch (error) {
    if (error instanceof CliError && error.exitCode === EXIT.unavailable) return undefined;
    throw error;
  }
}

/** What only one half has. @throws CliError where that half runs elsewhere. */
export function ofHalf<T>(half: 'management' | 'execution', part: T | undefined): T {
  if (part !== undefined) return part;
  throw new CliError(
    `the ${half} half does not run here; give the command on the machine where it does`,
    EXIT.usage,
  );
}

/**
 * Everything needed to call the management door.
 * @param typedKey an API key that a person just gave; the flags' key file otherwise.
 */
export async function findLogin(flags: ConnectionFlags, typedKey?: string): Promise<Login> {
  const givenAddress = flags.address === undefined ? undefined : parseDoorAddress(flags.address);
  const kept = flags.dataDir === undefined ? readLogin() : undefined;
  const givenKey = typedKey ?? (await keyOfFlags(flags));
  const info =
    kept !== undefined || (flags.address !== undefined && flags.ca !== undefined && givenKey !== undefined)
      ? undefined
      : readServiceInfo(flags.dataDir ?? defaultDataDir());
  const address = givenAddress ?? kept?.address ?? info?.management?.address;
  const caCertificate =
    flags.ca !== undefined
      ? readCertificate(flags.ca)
      : (kept?.caCertificate ?? readFile(info?.caCertificate));
  const apiKey = givenKey ?? kept?.apiKey ?? readSecretFile(info?.adminApiKeyFile);
  if (address === undefined)
    throw new CliError('say where the service is with --address or --data-dir', EXIT.usage);
  // What a login pinned is of the service that it was at, and of no other.
  const pinned = kept?.address === address ? kept?.verifyingKeyset : undefined;
  const verifyingKeyset =
    flags.verifyingKeyset !== undefined
      ? readFile(flags.verifyingKeyset, { encoding: 'base64', flag: '--verifying-keyset' })
      : (pinned ?? (info && readFile(keysetOf(info.dataDir), { encoding: 'base64' })));
  return { address, caCertificate, apiKey: oneCredential(apiKey), verifyingKeyset };
}

/**
 * What verifies the service's signatures. The management half may write to its copy, so one that was taken over would have
 * values sealed to keys of its own: that counts only where the other half is elsewhere, or not this user's to read.
 */
function keysetOf(dataDir: string): string {
  const { execution, management } = dataDirAt(dataDir);
  return existsSync(execution.verifyingKeyset) ? execution.verifyingKeyset : management.verifyingKeyset;
}

/** The management door, called with the credential that was found. */
export interface Management {
  client<S extends DescService>(service: S): WireClient<S>;
  /** Options of every call: the credential and a deadline. */
  options(): CallOptions;
  /** What the service's signatures must hold under, where something pinned it. */
  readonly verifyingKeyset: Uint8Array | undefined;
}

/** Opens the door that the flags lead to for `body` and closes it after. */
export async function withManagement<T>(
  flags: ConnectionFlags,
  body: (door: Management) => Promise<T>,
  timeoutMs = CALL_TIMEOUT_MS,
): Promise<T> {
  return withLogin(await findLogin(flags), body, timeoutMs);
}

/** Opens the door of a login for `body` and closes it after. */
export async function withLogin<T>(
  login: Login,
  body: (door: Management) => Promise<T>,
  timeoutMs = CALL_TIMEOUT_MS,
): Promise<T> {
  const channel: Channel = openChannel({
    address: login.address,
    tls: { ca: Buffer.from(login.caCertificate) },
  });
  try {
    return await body({
      client: (service) => wireClient(service, channel),
      verifyingKeyset:
        login.verifyingKeyset === undefined ? undefined : Buffer.from(login.verifyingKeyset, 'base64'),
      options: () => ({
        metadata: { authorization: `Bearer ${login.apiKey}` },
        deadline: Date.now() + timeoutMs,
      }),
    });
  } finally {
    channel.close();
  }
}

/** The flag's file (or its variable's), else the variable with the key itself. */
async function keyOfFlags({ apiKeyFile }: ConnectionFlags): Promise<string | undefined> {
  if (apiKeyFile === undefined) return apiKeyVariable();
  if (apiKeyFile === STDIN) return apiKeyFromStdin();
  const key = readSecretFile(apiKeyFile, '--api-key-file');
  if (key.trim() !== '') return key;
  throw new CliError(
    'the file that --api-key-file names is empty; give one that holds an API key or ID token',
    EXIT.usage,
  );
}

function readLogin(): Login | undefined {
  return existsSync(loginFile())
    ? parseKept<Login>(loginFile(), 'log in again with `axiom login`')
    : undefined;
}

/** A file that we wrote. The parser's own message would quote it, and the login holds an API key. */
function parseKept<T>(path: string, remedy: string): T {
  try {
    return JSON.parse(readSecretFile(path)) as T;
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(`${path} is damaged; ${remedy}`);
  }
}

function readCertificate(path: string): string {
  const pem = readFile(path, { flag: '--ca' });
  try {
    new X509Certificate(pem);
  } catch {
    throw new CliError(
      `${path} holds no PEM certificate; give the CA's file, ca.crt of the data folder for example`,
      EXIT.usage,
    );
  }
  return pem;
}

/** A pipe is nobody else's; a file goes through the check of those that hold a secret. */
function readSecretFile(path: string | undefined, flag?: string): string {
  const isFile = path !== undefined && statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  try {
    return isFile ? readPrivateFile(path).toString('utf8') : readFile(path, { flag });
  } catch (error) {
    if (error instanceof DomainError) throw new CliError(error.message, EXIT.usage);
    return readFile(path, { flag });
  }
}

interface Reading {
  readonly encoding?: 'utf8' | 'base64';
  /** What the file was named with, if it was. */
  readonly flag?: string | undefined;
}

function readFile(path: string | undefined, { encoding = 'utf8', flag }: Reading = {}): string {
  try {
    return readFileSync(path ?? '', encoding);
  } catch (error) {
    if (flag !== undefined) throw unreadable(flag, error);
    throw new CliError(
      `cannot read ${path ?? 'the credential'}; name it with a flag or log in with \`axiom login\``,
      EXIT.usage,
    );
  }
}
