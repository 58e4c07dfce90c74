/** `axiom sidecar`: runs beside one node host and hands it each execution's secrets. */

import { existsSync } from 'node:fs';
import { Option, type Command } from 'commander';
import { DomainError } from '../domain/errors';
import { createLogger } from '../server/logger';
import { dataDirAt } from '../server/data-dir';
import { DEFAULT_ENGINE_BUDGET as ENGINE, type ReportReads } from '../sidecar/options';
import { startSidecar } from '../sidecar/sidecar';
import { ofHalf, readServiceInfo } from './connection';
import { defaultDataDir } from './data-folder';
import { EXIT } from './exit-codes';
import { CliError } from './failure';
import { logLevelOption } from './log-level';
import { note, print } from './output';
import { untilSignal } from './until-signal';
import { addListenerOptions, parseListenerLimits, type ListenerFlags } from './serve-limits';
import { parseSeconds, parseWholeNumber } from './whole-number';

interface Flags extends ListenerFlags {
  readonly dataDir?: string;
  readonly executionAddress?: string;
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly doorCertificate?: string;
  readonly doorKey?: string;
  readonly revokedCertificates?: string;
  readonly listen: string;
  readonly insecureUnixSocket?: boolean;
  readonly nodeSocket: string;
  readonly nodeUid?: string;
  readonly package?: string;
  readonly reportReads: ReportReads;
  readonly secretsMemory: string;
  readonly maxCalls: string;
  readonly maxCallsPerSecond: string;
  readonly inputMemory: string;
  readonly outputMemory: string;
  readonly drainTimeout: string;
  readonly logLevel: string;
  readonly json?: boolean;
}

const MIB = 1_048_576;
/** The largest input. */
const MIN_INPUT_MIB = 64;

const EXAMPLES = `
Examples:
  axiom sidecar --data-dir ./data --node-socket /tmp/axiom.sock
  axiom sidecar --execution-address secrets.internal:7444 --ca ca.crt \\
    --certificate sidecar.crt --key sidecar.key --door-certificate sidecar-door.crt --door-key sidecar-door.key`;

export function registerSidecar(program: Command): void {
  const command = program
    .command('sidecar')
    .description('run the sidecar of one node host')
    .option('--data-dir <folder>', 'data folder of a local service; gives the address and the certificates')
    .option('--execution-address <address>', 'the execution door: host:port or unix:/path')
    .option('--ca <file>', 'PEM file of the CA')
    .option('--certificate <file>', "PEM file of the sidecar's certificate (spiffe://axiom/sidecar/NAME)")
    .option('--key <file>', 'PEM file of its key')
    .option('--door-certificate <file>', 'PEM file of the certificate that engines are shown')
    .option('--door-key <file>', 'PEM file of its key')
    .option(
      '--revoked-certificates <file>',
      'serial numbers that engines may not show, as `axiom certificates revoke` writes them',
    )
    .option('--listen <address>', 'where engines call: host:port or unix:/path', '127.0.0.1:7446')
    .option(
      '--insecure-unix-socket',
      'plain text on the Unix socket of --listen: who may open it is the engine',
    )
    .option('--node-socket <path>', "the node host's Unix socket", '/tmp/axiom.sock')
    .option('--node-uid <uid>', 'the user who runs the node host and owns its socket; default: this user')
    .option('--package <package>', 'the package that must answer: handle/name or handle/name@version')
    .addOption(
      new Option('--report-reads <when>', 'when reads are put on record')
        .choices(['in-batches', 'before-answer'])
        .default('in-batches'),
    )
    .option(
      '--secrets-memory <MiB>',
      'memory for the secrets of executions that run, and as much for their copies in calls at the node host, in MiB',
      '512',
    )
    .option('--max-calls <n>', 'invocations under way of one engine', String(ENGINE.underWay))
    .option('--max-calls-per-second <n>', 'its new invocations a second', String(ENGINE.perSecond))
    .option(
      '--input-memory <MiB>',
      'memory for the inputs of engines that wait for their answer, in MiB; one alone may have it all',
      String(ENGINE.bytes / MIB),
    )
    .option('--output-memory <MiB>', 'memory for large outputs on their way to engines, in MiB', '512')
    .option('--drain-timeout <seconds>', 'how long running invocations may go on after SIGTERM', '10')
    .addOption(logLevelOption('how much to log', 'info'))
    .option('--json', 'print one line of JSON when it serves')
    .addHelpText('after', EXAMPLES);
  addListenerOptions(command);
  command.action(async (flags: Flags) => {
    const dataDir = flags.dataDir ?? defaultDataDir();
    const { caCertificate, workloads } = dataDirAt(dataDir);
    const [pair, doorPair] = [workloads.pair('sidecar'), workloads.pair('sidecar-door')];
    const signal = untilSignal();
    const starting = startSidecar({
      executionAddress:
        flags.executionAddress ?? ofHalf('execution', readServiceInfo(dataDir).execution).address,
      tls: {
        ca: flags.ca ?? caCertificate,
        cert: flags.certificate ?? pair.certificate,
        key: flags.key ?? pair.key,
        doorCert: flags.doorCertificate ?? doorPair.certificate,
        doorKey: flags.doorKey ?? doorPair.key,
        revoked: revokedFile(flags.revokedCertificates) ?? workloads.revoked,
      },
      listen: flags.listen,
      insecureUnixSocket: flags.insecureUnixSocket ?? false,
      nodeSocket: flags.nodeSocket,
      limits: parseListenerLimits(flags),
      calls: {
        underWay: parseWholeNumber('--max-calls', flags.maxCalls, 1),
        perSecond: parseWholeNumber('--max-calls-per-second', flags.maxCallsPerSecond, 1),
        bytes: parseWholeNumber('--input-memory', flags.inputMemory, MIN_INPUT_MIB) * MIB,
      },
      ...(flags.nodeUid === undefined ? {} : { nodeUid: parseWholeNumber('--node-uid', flags.nodeUid, 0) }),
      ...(flags.package === undefined ? {} : { package: flags.package }),
      reportReads: flags.reportReads,
      maxOutputBytes: parseWholeNumber('--output-memory', flags.outputMemory, 1) * MIB,
      maxHeldBytes: parseWholeNumber('--secrets-memory', flags.secretsMemory, 64) * MIB,
      drainTimeoutMs: parseSeconds('--drain-timeout', flags.drainTimeout, 0, 3_600) * 1_000,
      logger: createLogger('sidecar', flags.logLevel),
    }).catch(asUsage);
    const sidecar = await Promise.race([starting, signal]);
    // Told to stop while it waits for its node host: it holds nothing yet.
    if (sidecar === undefined) return;
    if (flags.json) print(JSON.stringify({ sidecar: { address: sidecar.address, pid: process.pid } }));
    else note(`sidecar     ${sidecar.address}`);
    await signal;
    await sidecar.stop();
  });
}

/** A list that was asked for has to be there: without it nobody would be refused. */
function revokedFile(path: string | undefined): string | undefined {
  if (path === undefined || existsSync(path)) return path;
  throw new CliError(`there is no file ${path}; --revoked-certificates names an existing list`, EXIT.usage);
}

/** The sidecar names its options, a person knows flags. */
const FLAGS: Readonly<Record<string, string>> = {
  executionAddress: '--execution-address',
  'tls.ca': '--ca',
  'tls.cert': '--certificate',
  'tls.key': '--key',
  'tls.doorCert': '--door-certificate',
  'tls.doorKey': '--door-key',
  listen: '--listen',
  insecureUnixSocket: '--insecure-unix-socket',
  nodeUid: '--node-uid',
  maxHeldBytes: '--secrets-memory',
  maxOutputBytes: '--output-memory',
  package: '--package',
};

function asUsage(error: unknown): never {
  if (!(error instanceof DomainError) || error.fields.length === 0) throw error;
  const wrong = error.fields.map(({ field, description }) => `${FLAGS[field] ?? field} ${description}`);
  throw new CliError(wrong.join('; '), EXIT.usage);
}
