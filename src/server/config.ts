/** What the two server processes are told at start: addresses, paths and durations, never a secret. */

import { DEFAULT_SESSION_LIMITS, type SessionLimits } from '../domain/session';
import { DEFAULT_LISTENER_LIMITS, type ListenerLimits } from '../wire/listener/limits';
import { DEFAULT_CALL_BUDGETS, type CallBudgets } from '../wire/call-budgets';
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
  /** PostgreSQL elsewhere may be reached without TLS, or without a look at its certificate. */
  readonly insecurePostgres: boolean;
  /** Processes that serve the execution door. */
  readonly workers: number;
  /** How long an execution's token lives, in milliseconds. */
  readonly tokenTtlMs: number;
  readonly limits: DoorLimits;
  readonly logLevel: string;
  /** What keeps the halves apart beside their keys. */
  readonly separation: Separation;
  /** Whether what is missing is to be made; found out before the halves start. */
  readonly isFirstStart: boolean;
}

/** What no peer may exceed. */
export interface DoorLimits {
  readonly listener: ListenerLimits;
  readonly calls: CallBudgets;
  /** Of one IPv4 address or IPv6 /64. */
  readonly failedProofsPerMinute: number;
  readonly sessions: SessionLimits;
}

export const DEFAULT_DOOR_LIMITS: DoorLimits = {
  listener: DEFAULT_LISTENER_LIMITS,
  calls: DEFAULT_CALL_BUDGETS,
  failedProofsPerMinute: 300,
  sessions: DEFAULT_SESSION_LIMITS,
};

export const DEFAULT_TOKEN_TTL_MS = 15 * 60_000;

/** How long a process that was told to stop lets calls under way go on, in milliseconds. */
export const DRAIN_MS = 9_000;
/** When it ends whatever else is still to do. */
export const STOP_MS = 10_000;
