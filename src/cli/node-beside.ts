/** A node host with its sidecar, both started for one command and stopped after it. */

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Command, PackageModel, Report } from '../sdkgen/language';
import { languageSupport } from '../sdkgen/languages';
import { refreshFiles } from '../sdkgen/write-files';
import { dataDirAt } from '../server/data-dir';
import type { HalfInfo } from '../server/service-file';
import { NodeOutput } from '../sidecar/node-output';
import type { Resolve } from '../sidecar/resolver';
import {
  startOfflineSidecar,
  startSidecar,
  type OfflineOptions,
  type RunningSidecar,
} from '../sidecar/sidecar';
import { ofHalf } from './connection';
import { CliError } from './failure';

/** The sidecar's door, for as long as it runs. */
export interface NodeBeside {
  /** Where engines call: `host:port`, or `unix:/path` without a service. */
  readonly address: string;
  stop(): Promise<void>;
}

/** Where the values come from: the service of a data folder, or values of the developer's own. */
export type Source = HalfInfo | { readonly resolve: Resolve };

/** How the host is run. */
export interface HostOptions {
  /** Let it print the own texts of failures, which are masked here. */
  readonly showErrors?: boolean;
}

/** How long a host that was told to stop may take, in milliseconds. */
const HOST_STOP_MS = 5_000;
/** How long invocations may go on once the command is done with them, in milliseconds. */
const DRAIN_MS = 200;

/** Generates and builds what is stale, then starts the host and the sidecar on a socket of their own. */
export async function startNodeBeside(
  model: PackageModel,
  source: Source,
  logger: Logger,
  report: Report,
  options: HostOptions = {},
): Promise<NodeBeside> {
  const support = languageSupport(model.manifest.language);
  const missing = await support.missingToolchain();
  if (missing !== undefined) throw new CliError(missing);
  await refreshFiles(model.root, await support.generate(model, report), report);
  await support.build(model, report);

  const folder = mkdtempSync(join(tmpdir(), 'axiom-run-'));
  const nodeSocket = join(folder, 'node.sock');
  const host = new Host(await support.hostCommand(model), nodeSocket, options);
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  // Whatever ends this process before `stop` leaves no host behind that holds secrets, and no folder.
  const onExit = () => {
    host.kill();
    removeFolder();
  };
  process.once('exit', onExit);
  const stopAll = async (sidecar?: { stop(): Promise<void> }) => {
    await sidecar?.stop();
    await host.stop();
    removeFolder();
    process.off('exit', onExit);
  };
  try {
    const parts = { nodeSocket, nodeOutput: host.output, drainTimeoutMs: DRAIN_MS, logger };
    const sidecar = await Promise.race([startBeside(source, folder, parts), host.died]);
    return { address: sidecar.address, stop: () => stopAll(sidecar) };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

function startBeside(
  source: Source,
  folder: string,
  parts: Omit<OfflineOptions, 'listen'>,
): Promise<RunningSidecar> {
  if ('resolve' in source)
    return startOfflineSidecar({ ...parts, listen: `unix:${join(folder, 'sidecar.sock')}` }, source.resolve);
  const { caCertificate, workloads } = dataDirAt(source.dataDir);
  const [pair, door] = [workloads.pair('sidecar'), workloads.pair('sidecar-door')];
  return startSidecar({
    ...parts,
    executionAddress: ofHalf('execution', source.execution).address,
    tls: {
      ...{ ca: caCertificate, cert: pair.certificate, key: pair.key },
      ...{ doorCert: door.certificate, doorKey: door.key },
    },
    listen: '127.0.0.1:0',
  });
}

/** The node host's process, with what it starts. */
class Host {
  readonly output = new NodeOutput();
  /** Rejects when the host ends by itself. */
  readonly died: Promise<never>;
  readonly #child: ChildProcess;

  constructor({ argv, cwd, env }: Command, nodeSocket: string, { showErrors = false }: HostOptions) {
    const [program, ...args] = argv;
    // A group of its own: a terminal's Ctrl-C reaches this command alone, which then ends the whole group.
    const child = spawn(program, args, {
      cwd,
      env: {
        // Python would keep what it prints to a pipe until it ends.
        ...{ PYTHONUNBUFFERED: '1', ...process.env, ...env, AXIOM_SOCKET: nodeSocket },
        AXIOM_SHOW_ERRORS: showErrors ? '1' : '0',
      },
      // The host's own output goes to stderr, with values masked: stdout belongs to the command's answer.
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    for (const stream of [child.stdout, child.stderr]) this.output.copy(stream, process.stderr);
    this.died = new Promise<never>((_resolve, reject) => {
      child.once('error', (error) => reject(new CliError(`the node host did not start: ${error.message}`)));
      child.once('exit', (code, signal) =>
        reject(new CliError(`the node host stopped (${signal ?? `exit code ${code}`}); its output says why`)),
      );
    });
    this.died.catch(() => undefined);
    this.#child = child;
  }

  /** At once, with all that it has started. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // It has ended.
    }
  }

  async stop(): Promise<void> {
    const { exitCode, signalCode, pid } = this.#child;
    if (exitCode === null && signalCode === null && pid !== undefined) {
      const timer = setTimeout(() => this.kill(), HOST_STOP_MS);
      const ended = new Promise((resolve) => this.#child.once('exit', resolve));
      this.kill('SIGTERM');
      await ended;
      clearTimeout(timer);
    }
    // What it has started may have outlived it.
    this.kill();
    this.output.close();
  }
}
