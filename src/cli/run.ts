/** `axiom run NODE`: one execution of one node, with a sidecar and a node host of its own. */

import type { Command } from 'commander';
import type { Registry } from '@bufbuild/protobuf';
import { AccessService } from '../gen/axiom/access/v1/access_pb';
import { ExecutionsService } from '../gen/axiom/executions/v1/executions_pb';
import { SidecarService } from '../gen/axiom/sidecar/v1/sidecar_pb';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { createLogger } from '../server/logger';
import { dataDirAt } from '../server/data-dir';
import type { NodeModel } from '../sdkgen/language';
import { loadPackage } from '../sdkgen/load-package';
import { messageFromJson, messageToJson } from '../sdkgen/messages-json';
import { offlineResolver } from '../sidecar/offline';
import type { ClientTls } from '../wire/channel';
import { openChannel, wireClient, type WireClient } from '../wire/client';
import { ofHalf, readServiceInfo, withConnection, withManagement, type ConnectionFlags } from './connection';
import { defaultDataDir } from './data-folder';
import { EXIT } from './exit-codes';
import { CliError } from './failure';
import { logLevelOption } from './log-level';
import { startNodeBeside, type Source } from './node-beside';
import { note, print } from './output';
import { readFileUpTo, readStdinUpTo } from './read-input';
import { readSecretsFile } from './secrets-file';

interface Flags extends ConnectionFlags {
  readonly input: string;
  readonly config?: string;
  readonly flow: string;
  readonly tenant?: string;
  readonly package: string;
  readonly logLevel: string;
  readonly secretsFile?: string;
  readonly showErrors?: boolean;
}

/** How long an interrupted command may take to end its execution and its node host, in milliseconds. */
const INTERRUPT_MS = 700;

/** As much as the sidecar takes. */
const INPUT_LIMIT = { bytes: 64 * 1024 * 1024, reason: 'a node takes no more' };

const EXAMPLES = `
The output message is printed as JSON on stdout, one line each; everything else goes to stderr.
The input of a pipeline is a JSON array of messages.

Examples:
  axiom run Greet --input '{"name":"Ada"}'
  axiom run Greet --input '{"name":"Ada"}' --config eu
  echo '{"name":"Ada"}' | axiom run Greet --input -
  axiom run Greet --secrets-file .env --show-errors   without any service`;

export function registerRun(program: Command): void {
  withConnection(program.command('run <node>'))
    .description("run one node of this package once, with your tenant's secrets")
    .option('--input <json>', 'the input message as JSON; - reads stdin, @FILE a file', '{}')
    .option(
      '--config <profile>',
      "a profile of the flow; default: the flow's `default` profile if it has one",
    )
    .option('--flow <flow>', 'the flow that the execution belongs to', 'axiom-run')
    .option('--tenant <id>', "the tenant; default: your credential's")
    .option('--package <folder>', 'the package; found by walking up to axiom.yaml', '.')
    .option(
      '--secrets-file <file>',
      'no service: take secrets from this file, lines of NAME=value or a JSON object',
    )
    .option('--show-errors', "print a failure's own text too, with known values masked")
    .addOption(logLevelOption("how much of the sidecar's log to show", 'warn'))
    .option('--json', 'print failures as JSON too')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(nodeName: string, flags: Flags): Promise<void> {
  const model = await loadPackage(flags.package);
  const node = model.nodes.find((one) => one.manifest.name === nodeName);
  if (node === undefined) {
    const names = model.nodes.map((one) => one.manifest.name).join(', ');
    throw new CliError(
      `${model.manifest.name} has no node ${nodeName}; its nodes: ${names || 'none'}`,
      EXIT.notFound,
    );
  }
  const inputs = await readInputs(node, model.registry, flags.input);
  const interrupted = untilInterrupted();
  const place = await placeOf(flags);
  const beside = await startNodeBeside(
    model,
    place.source,
    createLogger('sidecar', flags.logLevel),
    note,
    flags,
  );
  try {
    const target = { ...flags, ...place, sidecar: beside.address, registry: model.registry };
    for (const output of await execute(node, inputs, { ...target, signal: interrupted })) print(output);
  } catch (error) {
    if (!interrupted.aborted) throw error; // the exit code says that it was interrupted
  } finally {
    await beside.stop();
  }
}

/** Where values come from, and for whom: without a service, for nobody. */
async function placeOf(flags: Flags): Promise<Pick<Target, 'tenantId' | 'info'> & { source: Source }> {
  if (flags.secretsFile !== undefined) {
    if (flags.config !== undefined)
      throw new CliError(
        '--config is a profile of the service, and --secrets-file runs without one; give one of them',
        EXIT.usage,
      );
    const values = await readSecretsFile(flags.secretsFile);
    return {
      ...{ tenantId: 'offline', info: undefined },
      source: { resolve: offlineResolver(flags.flow, values) },
    };
  }
  const info = readServiceInfo(flags.dataDir ?? defaultDataDir());
  const tenantId =
    flags.tenant ??
    (await withManagement(flags, (door) => door.client(AccessService).whoAmI({}, door.options()))).tenantId;
  return { tenantId, info, source: info };
}

/**
 * Aborts at Ctrl-C or SIGTERM, so that the execution is ended at the service and the node host stopped; what takes
 * longer than a moment is ended all the same. A second signal waits for nothing.
 */
function untilInterrupted(): AbortSignal {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const end = () => process.exit(128 + constants.signals[signal]);
      if (interrupted.signal.aborted) return end();
      interrupted.abort();
      setTimeout(end, INTERRUPT_MS);
      process.exitCode = 128 + constants.signals[signal];
    });
  }
  return interrupted.signal;
}

/** Where and for whom a node runs. */
export interface Target extends Pick<Flags, 'flow' | 'config'> {
  readonly tenantId: string;
  /** Undefined: without a service. */
  readonly info: ReturnType<typeof readServiceInfo> | undefined;
  readonly sidecar: string;
  readonly registry: Registry;
  /** Ends the invocation early. */
  readonly signal?: AbortSignal;
}

/** One execution with one input, given and answered as JSON. */
export async function runOnce(node: NodeModel, input: string, target: Target): Promise<string[]> {
  return execute(node, await readInputs(node, target.registry, input), target);
}

/** Starts the execution, invokes the node through the sidecar, and ends the execution whatever happened. */
async function execute(node: NodeModel, inputs: readonly Uint8Array[], target: Target): Promise<string[]> {
  const { info, signal } = target;
  if (info === undefined) {
    const token = randomUUID();
    const outputs = await atSidecar(target.sidecar, undefined, (sidecar) =>
      invoke(sidecar, token, node, inputs, signal),
    );
    return outputs.map((output) => messageToJson(node.output, output, target.registry));
  }
  const dir = dataDirAt(info.dataDir);
  const pair = dir.workloads.pair('engine');
  const engine = {
    ca: readFileSync(dir.caCertificate),
    cert: readFileSync(pair.certificate),
    key: readFileSync(pair.key),
  };
  const service = openChannel({ address: ofHalf('execution', info.execution).address, tls: engine });
  try {
    const executions = wireClient(ExecutionsService, service);
    const config =
      target.config === undefined ? {} : { config: { case: 'profileName', value: target.config } as const };
    const { executionToken } = await executions.startExecution({
      tenantId: target.tenantId,
      flowId: target.flow,
      ...config,
    });
    try {
      const outputs = await atSidecar(target.sidecar, { ...engine, toSidecar: true }, (sidecar) =>
        invoke(sidecar, executionToken, node, inputs, signal),
      );
      return outputs.map((output) => messageToJson(node.output, output, target.registry));
    } finally {
      await executions.endExecution({ executionToken });
    }
  } finally {
    service.close();
  }
}

type Sidecar = WireClient<typeof SidecarService>;

async function atSidecar<T>(
  address: string,
  tls: ClientTls | undefined,
  body: (sidecar: Sidecar) => Promise<T>,
): Promise<T> {
  const channel = openChannel({ address, ...(tls !== undefined && { tls }) });
  try {
    return await body(wireClient(SidecarService, channel));
  } finally {
    channel.close();
  }
}

async function invoke(
  sidecar: Sidecar,
  executionToken: string,
  node: NodeModel,
  inputs: readonly Uint8Array[],
  signal: AbortSignal | undefined,
): Promise<Uint8Array[]> {
  const name = node.manifest.name;
  const options = signal === undefined ? {} : { signal };
  if (node.manifest.type === 'unary') {
    const request = { executionToken, node: name, input: inputs[0] ?? new Uint8Array() };
    return [(await sidecar.invoke(request, options)).output];
  }
  async function* requests() {
    yield { message: { case: 'start', value: { executionToken, node: name } } as const };
    for (const input of inputs) yield { message: { case: 'input', value: input } as const };
  }
  const outputs: Uint8Array[] = [];
  for await (const { output } of sidecar.invokePipeline(requests(), options)) outputs.push(output);
  return outputs;
}

async function readInputs(node: NodeModel, registry: Registry, input: string): Promise<Uint8Array[]> {
  const text = await readInput(input);
  if (node.manifest.type === 'unary') return [messageFromJson(node.input, text, registry)];
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new CliError('--input is not JSON', EXIT.usage);
  }
  const messages: unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  return messages.map((message) => messageFromJson(node.input, JSON.stringify(message), registry));
}

async function readInput(input: string): Promise<string> {
  if (input === '-') return (await readStdinUpTo(INPUT_LIMIT)).toString('utf8');
  if (!input.startsWith('@')) return input;
  return (await readFileUpTo(input.slice(1), 'the file that --input names', INPUT_LIMIT)).toString('utf8');
}
