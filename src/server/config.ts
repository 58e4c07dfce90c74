/** What the two server processes are told at start: addresses, paths and durations, never a secret. */

import { resolve } from 'node:path';
import type { OidcConfig } from './oidc/config';
import type { Separation } from './separation';

/** TLS material that the operator brings; each is a path to a PEM file. */
export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
}

/** Settings of one running service. */
export interface ServiceConfig {
  readonly dataDir: string;
  /** `host:port`; port 0 takes a free one. */
  readonly managementAddress: string;
  /** The same, or `unix:/path` for a socket of mode 0600. */
  readonly executionAddress: string;
  readonly consoleAddress: string;
  /** More DNS names and IP addresses for the server's own certificate. */
  readonly hosts: readonly string[];
  /** The server's certificate instead of the one under the data folder's CA. */
  readonly tls: TlsFiles | undefined;
  /** Who signs engines' and sidecars' certificates instead of the data folder's CA. */
  readonly clientCa: string | undefined;
  /** Who else may log people in at the console; undefined: API keys only. */
  readonly oidc: OidcConfig | undefined;
  /** A file with PostgreSQL's connection URL, which may hold a password; undefined: SQLite in the data folder. */
  readonly postgresUrlFile: string | undefined;
  /** The same for a user that may change the schema; undefined: the user that serves may. */
  readonly postgresMigrationUrlFile: string | undefined;
  /** How long an execution's token lives, in milliseconds. */
  readonly tokenTtlMs: number;
  readonly logLevel: string;
  /** What keeps the halves apart beside their keys. */
  readonly separation: Separation;
  /** Whether what is missing is to be made; found out before the halves start. */
  readonly isFirstStart: boolean;
}

export const DEFAULT_TOKEN_TTL_MS = 15 * 60_000;

/** How long a process that was told to stop waits for calls under way, in milliseconds. */
export const DRAIN_MS = 10_000;

/** The path of a `unix:/path` address; undefined for `host:port`. */
export function socketPathOf(address: string): string | undefined {
  return address.startsWith('unix:') ? resolve(address.slice('unix:'.length)) : undefined;
}

/** Splits `host:port`; IPv6 hosts stand in brackets. @throws Error saying what is wrong. */
export function parseAddress(address: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:\s]+)):(\d{1,5})$/.exec(address);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port > 65_535) {
    throw new Error(
      `'${address}' is not host:port; for example 127.0.0.1:7443, or 127.0.0.1:0 for a free port`,
    );
  }
  return { host, port };
}

/** The address with another port, as clients dial it. */
export function withPort(address: string, port: number): string {
  const { host } = parseAddress(address);
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
