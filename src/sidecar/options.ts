/** What a sidecar is told at its start, checked before anything is opened. */

import * as fs from 'node:fs';
import type { Logger } from 'pino';
import { DomainError, invalid, type FieldViolation } from '../domain/errors';
import { readPrivateFile } from '../files/private-file';
import type { CertificateFiles, Pem } from '../wire/listener/certificate-files';
import type { CallBudget } from '../wire/call-budgets';
import { DEFAULT_LISTENER_LIMITS, type ListenerLimits } from '../wire/listener/limits';
import type { HeldLimits } from './executions';
import type { NodeOutput } from './node-output';

/** Of each engine: the largest input eight times over. */
export const DEFAULT_ENGINE_BUDGET: CallBudget = {
  underWay: 4_000,
  perSecond: 50_000,
  bytes: 512 * 1024 * 1024,
};

/** When reads are reported. */
export type ReportReads = 'in-batches' | 'before-answer';

/** What proves this sidecar, and whom it believes. */
export interface SidecarTls {
  /** The authority that signed the execution server's certificate and the engines'. */
  readonly ca: Pem;
  /** The sidecar's certificate chain, shown to the execution server; its URI is `spiffe://axiom/sidecar/<name>`. */
  readonly cert: Pem;
  /** The key of `cert`. */
  readonly key: Pem;
  /** The certificate chain that engines are shown: one that does not pass for the service. Needed where `listen` speaks TLS. */
  readonly doorCert?: Pem;
  /** The key of `doorCert`. */
  readonly doorKey?: Pem;
  /** A list of serial numbers, one a line, that engines may not show; read again when it changes. Default: none. */
  readonly revoked?: string;
  /** The name to expect in the execution server's certificate; default: the address's host, `localhost` on a Unix socket. */
  readonly serverName?: string;
}

export interface SidecarOptions {
  /** The execution door: `host:port` or `unix:/path`. Always mutual TLS. */
  readonly executionAddress: string;
  readonly tls: SidecarTls;
  /** Where engines call: `host:port` (port 0: any free one) or `unix:/path`. */
  readonly listen: string;
  /** Serve plain text on the Unix socket of `listen` (mode 0600): whoever may open it is the engine. Default false. */
  readonly insecureUnixSocket?: boolean;
  /** The node host's Unix socket. Default `/tmp/axiom.sock`. */
  readonly nodeSocket?: string;
  /** The user who runs the node host: the socket must be that user's. Default: this process's own user. */
  readonly nodeUid?: number;
  /** The package that must answer on the socket, `handle/name` or `handle/name@version`. Default: any. */
  readonly package?: string;
  /** How long to wait for the node host at the start, in milliseconds. Default 60,000. */
  readonly hostStartTimeoutMs?: number;
  /** How often reads are reported while secrets are held, in milliseconds: 50 to 1,000. Default 200. */
  readonly reportIntervalMs?: number;
  /** When reads are reported: in batches, or before an invocation's answer, at the price of a round trip. Default `in-batches`. */
  readonly reportReads?: ReportReads;
  /** How long running invocations may go on after `stop`, in milliseconds. Default 10,000. */
  readonly drainTimeoutMs?: number;
  /** How many executions are held in memory; beyond, the least recently used is forgotten and resolved anew when it comes back. Default 1,000. */
  readonly maxExecutions?: number;
  /** What no peer of the door may exceed; a connection has no age limit, for an invocation may take an hour. */
  readonly limits?: Omit<ListenerLimits, 'ageMs' | 'ageGraceMs'>;
  /** What each engine may have at a time. Default 4,000 calls, 50,000 more a second, and 512 MiB of inputs. */
  readonly calls?: CallBudget;
  /**
   * How many bytes of memory held executions may take, with what recognizes their values in logs; and as many the copies of
   * values that calls under way have at the node host. Default 512 MiB.
   */
  readonly maxHeldBytes?: number;
  /** How many bytes of large outputs may be on their way to engines; what comes beyond waits. Default 512 MiB. */
  readonly maxOutputBytes?: number;
  /** Copies what the node host prints, where this process has started it. */
  readonly nodeOutput?: NodeOutput;
  /** Gets the sidecar's own records and, masked, those that nodes write through ax.log. */
  readonly logger: Logger;
}

/** Options with every default in place and every file read. */
export interface SidecarSettings {
  readonly executionAddress: string;
  /** Shown to the execution server, and read again when it changes. */
  readonly tls: CertificateFiles & { readonly serverName?: string };
  readonly listen: string;
  /** Undefined: plain text on a Unix socket. */
  readonly doorCertificates: CertificateFiles | undefined;
  /** The file of serial numbers that engines may not show. */
  readonly revoked: string | undefined;
  readonly limits: ListenerLimits;
  readonly calls: CallBudget;
  readonly nodeSocket: string;
  readonly nodeUid: number;
  readonly package: string | undefined;
  readonly hostStartTimeoutMs: number;
  readonly reportIntervalMs: number;
  readonly reportReads: ReportReads;
  readonly drainTimeoutMs: number;
  readonly heldLimits: HeldLimits;
  readonly outputBytes: number;
  readonly nodeOutput: NodeOutput | undefined;
  readonly logger: Logger;
}

const MIB = 1_024 * 1_024;
const PACKAGE = /^[^/@\s]+\/[^/@\s]+(@[^/@\s]+)?$/;
const ADDRESS = /^(unix:.+|(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5})$/;

/** @throws DomainError INVALID_ARGUMENT naming every option that is wrong. */
export function parseOptions(options: SidecarOptions): SidecarSettings {
  const wrong: FieldViolation[] = [];
  checkAddress(wrong, 'executionAddress', options.executionAddress);
  checkAddress(wrong, 'listen', options.listen);
  if (options.insecureUnixSocket === true && !options.listen.startsWith('unix:')) {
    wrong.push({
      field: 'insecureUnixSocket',
      description: 'is for a Unix socket only; listen on unix:/path',
    });
  }
  const tls = clientFiles(wrong, options.tls);
  const door = doorFiles(wrong, options);
  const settings: SidecarSettings = {
    executionAddress: options.executionAddress,
    tls,
    listen: options.listen,
    doorCertificates: door,
    revoked: options.tls.revoked,
    calls: options.calls ?? DEFAULT_ENGINE_BUDGET,
    limits: { ...(options.limits ?? DEFAULT_LISTENER_LIMITS), ageMs: Infinity, ageGraceMs: Infinity },
    nodeSocket: options.nodeSocket ?? '/tmp/axiom.sock',
    nodeUid: number(wrong, 'nodeUid', options.nodeUid ?? process.getuid?.() ?? 0, 0, 2 ** 32 - 1),
    package: packageOf(wrong, options.package),
    hostStartTimeoutMs: number(
      wrong,
      'hostStartTimeoutMs',
      options.hostStartTimeoutMs ?? 60_000,
      0,
      3_600_000,
    ),
    reportIntervalMs: number(wrong, 'reportIntervalMs', options.reportIntervalMs ?? 200, 50, 1_000),
    reportReads: options.reportReads ?? 'in-batches',
    drainTimeoutMs: number(wrong, 'drainTimeoutMs', options.drainTimeoutMs ?? 10_000, 0, 3_600_000),
    heldLimits: {
      executions: number(wrong, 'maxExecutions', options.maxExecutions ?? 1_000, 1, 1_000_000),
      bytes: number(wrong, 'maxHeldBytes', options.maxHeldBytes ?? 512 * MIB, 64 * MIB, 1_024 * 1_024 * MIB),
    },
    outputBytes: number(
      wrong,
      'maxOutputBytes',
      options.maxOutputBytes ?? 512 * MIB,
      MIB,
      1_024 * 1_024 * MIB,
    ),
    nodeOutput: options.nodeOutput,
    logger: options.logger,
  };
  if (wrong.length > 0) throw invalid(...wrong);
  return settings;
}

function packageOf(wrong: FieldViolation[], text: string | undefined): string | undefined {
  if (text !== undefined && !PACKAGE.test(text))
    wrong.push({ field: 'package', description: 'is not handle/name or handle/name@version' });
  return text;
}

function checkAddress(wrong: FieldViolation[], field: string, address: string): void {
  if (!ADDRESS.test(address)) wrong.push({ field, description: 'is not host:port or unix:/path' });
}

function number(wrong: FieldViolation[], field: string, value: number, low: number, high: number): number {
  if (!Number.isInteger(value) || value < low || value > high) {
    wrong.push({ field, description: `is not a whole number from ${low} to ${high}` });
  }
  return value;
}

/** What engines are shown, read anew when it changes. Undefined: the door speaks plain text on a Unix socket. */
function doorFiles(
  wrong: FieldViolation[],
  { tls, insecureUnixSocket }: SidecarOptions,
): CertificateFiles | undefined {
  if (insecureUnixSocket === true) return undefined;
  const check = (part: 'doorCert' | 'doorKey'): Pem => {
    const pem = tls[part];
    if (pem !== undefined) readPem(wrong, `tls.${part}`, pem, part === 'doorKey');
    else wrong.push({ field: `tls.${part}`, description: 'is missing; engines are shown this certificate' });
    return pem ?? '';
  };
  return { certificate: check('doorCert'), key: check('doorKey'), clientCa: tls.ca };
}

function readPem(wrong: FieldViolation[], field: string, pem: Pem, isSecret: boolean): Buffer {
  if (typeof pem !== 'string') return pem;
  try {
    return isSecret ? readPrivateFile(pem) : fs.readFileSync(pem);
  } catch (error) {
    const why = error instanceof DomainError ? error.message : `cannot be read from ${pem}`;
    wrong.push({ field, description: why });
    return Buffer.alloc(0);
  }
}

function clientFiles(
  wrong: FieldViolation[],
  { ca, cert, key, serverName }: SidecarTls,
): SidecarSettings['tls'] {
  for (const [part, pem] of Object.entries({ ca, cert, key }))
    readPem(wrong, `tls.${part}`, pem, part === 'key');
  return { certificate: cert, key, clientCa: ca, ...(serverName !== undefined && { serverName }) };
}
