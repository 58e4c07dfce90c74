/** What the two server processes are told at start: addresses, paths and durations, never a secret. */

import type { OidcConfig } from './console/oidc';

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
  /** How long an execution's token lives, in milliseconds. */
  readonly tokenTtlMs: number;
  readonly logLevel: string;
}

export const DEFAULT_TOKEN_TTL_MS = 15 * 60_000;

/** How long a process that was told to stop waits for calls under way, in milliseconds. */
export const DRAIN_MS = 10_000;

/** Splits `host:port`; IPv6 hosts stand in brackets. @throws Error saying what is wrong. */
export function parseAddress(address: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:\s]+)):(\d{1,5})$/.exec(address);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port > 65_535) {
    throw new Error(`'${address}' is not host:port; for example 127.0.0.1:7443, or 127.0.0.1:0 for a free port`);
  }
  return { host, port };
}

/** The address with another port, as clients dial it. */
export function withPort(address: string, port: number): string {
  const { host } = parseAddress(address);
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

const BIND_ERRORS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there; stop it, or give another address',
  EADDRNOTAVAIL: 'this machine has no such address; give one of its own, or 0.0.0.0 for all',
  EACCES: 'this user may not; give a port from 1024 on',
};

/** Why a door could not be bound and what to do; errors of another kind stay as they are. */
export function bindFailure(address: string, error: Error): Error {
  const code = /\b(?:EADDRINUSE|EADDRNOTAVAIL|EACCES)\b/.exec(error.message)?.[0];
  return code === undefined ? error : new Error(`cannot listen on ${address}: ${BIND_ERRORS[code]} (${code})`);
}
