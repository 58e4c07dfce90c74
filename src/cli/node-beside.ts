/** A node host with its sidecar, both started for one command and stopped after it. */

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { PackageModel, Report } from '../sdkgen/language';
import { languageSupport } from '../sdkgen/languages';
import { refreshFiles } from '../sdkgen/write-files';
import { dataDirAt } from '../server/data-dir';
import type { HalfInfo } from '../server/service-file';
import { NodeOutput } from '../sidecar/node-output';
import { startSidecar } from '../sidecar/sidecar';
import { ofHalf } from './connection';
import { CliError } from './failure';

/** The sidecar's door, for as long as it runs. */
export interface NodeBeside {
  /** `host:port` where engines call. */
  readonly address: string;
  stop(): Promise<void>;
}

/** How long a host that was told to stop may take, in milliseconds. */
const HOST_STOP_MS = 5_000;

/** Generates and builds what is stale, then starts the host and the sidecar on a socket of their own. */
export async function startNodeBeside(
  model: PackageModel,
  info: HalfInfo,
  logger: Logger,
  report: Report,
): Promise<NodeBeside> {
  const support = languageSupport(model.manifest.language);
  const missing = await support.missingToolchain();
  if (missing !== undefined) throw new CliError(missing);
  await refreshFiles(model.root, await support.generate(model, report), report);
  await support.build(model, report);

  const folder = mkdtempSync(join(tmpdir(), 'axiom-run-'));
  const nodeSocket = join(folder, 'node.sock');
  const { argv, cwd, env } = await support.hostCommand(model);
  const [program, ...args] = argv;
  // The host's own output goes to stderr, with values masked: stdout belongs to the command's answer.
  const host = spawn(program, args, {
    cwd,
    // Python would keep what it prints to a pipe until it ends.
    env: { PYTHONUNBUFFERED: '1', ...process.env, ...env, AXIOM_SOCKET: nodeSocket },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const nodeOutput = new NodeOutput();
  for (const stream of [host.stdout, host.stderr]) nodeOutput.copy(stream, process.stderr);
  // Whatever ends this process before `stop` does not leave a host behind that holds secrets.
  process.once('exit', () => void host.kill('SIGKILL'));
  const died = new Promise<never>((_resolve, reject) => {
    host.once('error', (error) => reject(new CliError(`the node host did not start: ${error.message}`)));
    host.once('exit', (code, signal) =>
      reject(new CliError(`the node host stopped (${signal ?? `exit code ${code}`}); its output says why`)),
    );
  });
  died.catch(() => undefined);
  const stopAll = async (sidecar?: { stop(): Promise<void> }) => {
    await sidecar?.stop();
    await stopHost(host);
    nodeOutput.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const { caCertificate, workloads } = dataDirAt(info.dataDir);
    const [pair, door] = [workloads.pair('sidecar'), workloads.pair('sidecar-door')];
    const starting = startSidecar({
      executionAddress: ofHalf('execution', info.execution).address,
      tls: {
        ...{ ca: caCertificate, cert: pair.certificate, key: pair.key },
        ...{ doorCert: door.certificate, doorKey: door.key },
      },
      ...{ listen: '127.0.0.1:0', nodeSocket, nodeOutput, logger },
    });
    const sidecar = await Promise.race([starting, died]);
    return { address: sidecar.address, stop: () => stopAll(sidecar) };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

function stopHost(host: ChildProcess): Promise<void> {
  if (host.exitCode !== null || host.signalCode !== null || host.pid === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => host.kill('SIGKILL'), HOST_STOP_MS);
    host.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    host.kill('SIGTERM');
  });
}
