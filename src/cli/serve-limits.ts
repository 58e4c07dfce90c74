/** The flags that say what no peer of a door may exceed. */

import type { Command } from 'commander';
import type { CallBudget } from '../wire/call-budgets';
import { DEFAULT_DOOR_LIMITS, type DoorLimits } from '../server/config';
import { connectionsWithinFileLimit } from '../wire/listener/file-limit';
import { DEFAULT_LISTENER_LIMITS, type ListenerLimits } from '../wire/listener/limits';
import { parseSeconds, parseWholeNumber } from './whole-number';

export interface ListenerFlags {
  readonly maxConnections: string;
  readonly maxConnectionsPerAddress: string;
  readonly maxStreams: string;
  readonly handshakeTimeout: string;
  readonly unprovenTimeout: string;
  readonly requestTimeout: string;
  readonly idleTimeout: string;
}

export interface LimitFlags extends ListenerFlags {
  readonly maxConnectionAge: string;
  readonly connectionAgeGrace: string;
  readonly maxFailedProofs: string;
  readonly sessionIdle: string;
  readonly sessionLifetime: string;
  readonly maxCalls: string;
  readonly maxCallsPerSecond: string;
  readonly maxWorkloadCalls: string;
  readonly maxWorkloadCallsPerSecond: string;
}

const MAX_SECONDS = 30 * 86_400;
const seconds = (ms: number): string => String(ms / 1_000);

/** For every command that has a door. */
export function addListenerOptions(command: Command): void {
  const limits = DEFAULT_LISTENER_LIMITS;
  command
    .option('--max-connections <n>', 'connections to one door', String(limits.connections))
    .option(
      '--max-connections-per-address <n>',
      'of these from one IPv4 address or IPv6 /64',
      String(limits.connectionsPerAddress),
    )
    .option('--max-streams <n>', 'requests open at once on one connection', String(limits.streams))
    .option('--handshake-timeout <seconds>', 'how long a TLS handshake may take', seconds(limits.handshakeMs))
    .option(
      '--unproven-timeout <seconds>',
      'how long a connection may be idle before a call has proved who it is',
      seconds(limits.unprovenMs),
    )
    .option(
      '--request-timeout <seconds>',
      'how long a request may take to arrive whole',
      seconds(limits.requestMs),
    )
    .option(
      '--idle-timeout <seconds>',
      'how long a connection may be idle after that',
      seconds(limits.idleMs),
    );
}

export function addLimitOptions(command: Command): void {
  const { listener, calls, failedProofsPerMinute, sessions } = DEFAULT_DOOR_LIMITS;
  addListenerOptions(command);
  command
    .option(
      '--max-connection-age <seconds>',
      'how long a connection lives, so that clients find new replicas',
      seconds(listener.ageMs),
    )
    .option(
      '--connection-age-grace <seconds>',
      'how long its calls under way may go on then',
      seconds(listener.ageGraceMs),
    )
    .option(
      '--max-failed-proofs <n>',
      'wrong credentials a minute from one IPv4 address or IPv6 /64',
      String(failedProofsPerMinute),
    )
    .option('--max-calls <n>', 'calls under way of one API key or person', String(calls.members.underWay))
    .option('--max-calls-per-second <n>', 'its calls a second', String(calls.members.perSecond))
    .option(
      '--max-workload-calls <n>',
      'calls under way of one engine or sidecar',
      String(calls.workloads.underWay),
    )
    .option('--max-workload-calls-per-second <n>', 'its calls a second', String(calls.workloads.perSecond))
    .option(
      '--session-idle <seconds>',
      'how long a console session goes on without a call',
      seconds(sessions.idleMs),
    )
    .option(
      '--session-lifetime <seconds>',
      'how long a console session goes on in all',
      seconds(sessions.lifetimeMs),
    );
}

/** @throws CliError naming the flag that is wrong. */
export function parseListenerLimits(flags: ListenerFlags): Omit<ListenerLimits, 'ageMs' | 'ageGraceMs'> {
  return {
    connections: Math.min(
      parseWholeNumber('--max-connections', flags.maxConnections, 1),
      connectionsWithinFileLimit(),
    ),
    connectionsPerAddress: parseWholeNumber(
      '--max-connections-per-address',
      flags.maxConnectionsPerAddress,
      1,
    ),
    streams: parseWholeNumber('--max-streams', flags.maxStreams, 1),
    handshakeMs: milliseconds('--handshake-timeout', flags.handshakeTimeout),
    unprovenMs: milliseconds('--unproven-timeout', flags.unprovenTimeout),
    requestMs: milliseconds('--request-timeout', flags.requestTimeout),
    idleMs: milliseconds('--idle-timeout', flags.idleTimeout),
  };
}

/** @throws CliError naming the flag that is wrong. */
export function parseDoorLimits(flags: LimitFlags): DoorLimits {
  const budget = (standing: CallBudget, name: string, underWay: string, perSecond: string): CallBudget => ({
    ...standing,
    underWay: parseWholeNumber(name, underWay, 1),
    perSecond: parseWholeNumber(`${name}-per-second`, perSecond, 1),
  });
  const { bytes, members, workloads } = DEFAULT_DOOR_LIMITS.calls;
  return {
    listener: {
      ...parseListenerLimits(flags),
      ageMs: milliseconds('--max-connection-age', flags.maxConnectionAge),
      ageGraceMs: milliseconds('--connection-age-grace', flags.connectionAgeGrace),
    },
    calls: {
      bytes,
      members: budget(members, '--max-calls', flags.maxCalls, flags.maxCallsPerSecond),
      workloads: budget(
        workloads,
        '--max-workload-calls',
        flags.maxWorkloadCalls,
        flags.maxWorkloadCallsPerSecond,
      ),
    },
    failedProofsPerMinute: parseWholeNumber('--max-failed-proofs', flags.maxFailedProofs, 1),
    sessions: {
      idleMs: milliseconds('--session-idle', flags.sessionIdle),
      lifetimeMs: milliseconds('--session-lifetime', flags.sessionLifetime),
    },
  };
}

function milliseconds(flag: string, text: string): number {
  return 1_000 * parseSeconds(flag, text, 1, MAX_SECONDS);
}
