/** A package generated, built and running, with calls in the JSON form of its messages. */

import { fromBinary, fromJson, toBinary, toJson, type JsonValue } from '@bufbuild/protobuf';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LanguageSupport, PackageModel } from '../../src/sdkgen/language';
import { languageSupport } from '../../src/sdkgen/languages';
import { loadPackage } from '../../src/sdkgen/load-package';
import { writeFiles } from '../../src/sdkgen/write-files';
import { NodeHost, type Execution, type NodeEvent } from '../support/node-client';

const PACKAGES = join(__dirname, '..', 'testdata', 'packages');

/** A temporary copy of a package of test/testdata/packages, or of any folder. */
export class BuiltPackage implements Disposable {
  private constructor(
    readonly root: string,
    readonly model: PackageModel,
    readonly support: LanguageSupport,
    /** What generating and building told the user. */
    readonly reports: readonly string[],
  ) {}

  static async of(name: string, from = join(PACKAGES, name)): Promise<BuiltPackage> {
    const root = mkdtempSync(join(tmpdir(), 'axiom-built-'));
    cpSync(from, root, { recursive: true, filter: (path) => !/\/(\.axiom|gen|target)$/.test(path) });
    const model = await loadPackage(root);
    const support = languageSupport(model.manifest.language);
    const reports: string[] = [];
    const report = (line: string) => void reports.push(line);
    await writeFiles(root, await support.generate(model, report), report);
    await support.build(model, report);
    return new BuiltPackage(root, model, support, reports);
  }

  /** Runs the package's own tests: the exit code and what they printed. */
  async test(...extra: string[]): Promise<{ code: number | null; output: string }> {
    const { argv, cwd, env } = await this.support.testCommand(this.model, extra);
    const child = spawn(argv[0], argv.slice(1), { cwd, env: { ...process.env, ...env } });
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output: Buffer.concat(chunks).toString() };
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** The secrets of a call, and the names that were revoked. */
export interface Secrets {
  readonly secrets?: Readonly<Record<string, string>>;
  readonly revoked?: readonly string[];
}

/** A built package's running host. */
export class RunningPackage {
  private constructor(
    private readonly model: PackageModel,
    readonly host: NodeHost,
  ) {}

  static async of({ root, model, support }: BuiltPackage): Promise<RunningPackage> {
    mkdirSync(join(root, '.axiom'), { recursive: true });
    const host = await NodeHost.start(await support.hostCommand(model), join(root, '.axiom', 'test.sock'));
    return new RunningPackage(model, host);
  }

  /** The events of a unary call. */
  async invoke(node: string, input: JsonValue, secrets: Secrets = {}): Promise<NodeEvent[]> {
    return drain(this.host.client.invoke(node, this.encode(node, input), executionOf(secrets)));
  }

  /** The events of a pipeline call that is given all its inputs at once. */
  async pipeline(node: string, inputs: readonly JsonValue[], secrets: Secrets = {}): Promise<NodeEvent[]> {
    const call = this.host.client.pipeline(node, executionOf(secrets));
    for (const input of inputs) call.send(this.encode(node, input));
    call.endInputs();
    return drain(call);
  }

  encode(node: string, input: JsonValue): Uint8Array {
    const message = this.nodeOf(node).input;
    return toBinary(message, fromJson(message, input));
  }

  /** The output messages among the events. */
  outputs(node: string, events: readonly NodeEvent[]): JsonValue[] {
    const message = this.nodeOf(node).output;
    return events.flatMap((event) =>
      event.case === 'output' ? [toJson(message, fromBinary(message, event.value))] : [],
    );
  }

  private nodeOf(name: string) {
    const node = this.model.nodes.find((each) => each.manifest.name === name);
    if (!node) throw new Error(`no node ${name}`);
    return node;
  }
}

function executionOf({ secrets = {}, revoked = [] }: Secrets): Execution {
  const bytes = Object.entries(secrets).map(
    ([name, value]) => [name, new TextEncoder().encode(value)] as const,
  );
  return {
    executionId: 'test-execution',
    flowId: 'test-flow',
    tenantId: 'test-tenant',
    secrets: Object.fromEntries(bytes),
    revokedSecretNames: [...revoked],
  };
}

async function drain(call: AsyncIterable<NodeEvent>): Promise<NodeEvent[]> {
  const events: NodeEvent[] = [];
  for await (const event of call) events.push(event);
  return events;
}
