/** The conformance package of one language: put together, built, tested and run as any package would be. */

import { create, fromBinary, toBinary, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Language } from '../../src/manifest/manifest';
import type { LanguageSupport, PackageModel } from '../../src/sdkgen/language';
import { loadPackage } from '../../src/sdkgen/load-package';
import { writeFiles } from '../../src/sdkgen/write-files';
import { plainVectors } from './vectors';

/** axiom.conformance.ProbeReply. */
export interface Probed {
  readonly executionId: string;
  readonly flowId: string;
  readonly tenantId: string;
  readonly readings: readonly {
    readonly name: string;
    readonly found: boolean;
    readonly value: Uint8Array;
    readonly status: string;
  }[];
}

/** axiom.conformance.ProbeRequest. */
export interface ProbeInput {
  readonly names?: readonly string[];
  readonly waitMs?: number;
  readonly logValues?: boolean;
  readonly count?: number;
}

/** axiom.conformance.Counts. */
export interface Counts {
  readonly emitted: number;
  readonly stopped: number;
}

const SOURCES = join(__dirname, 'packages');
// Kept between runs, so that only what changed is compiled again.
const BUILDS = join(__dirname, '..', '..', '.cache', 'conformance');

export class ConformancePackage {
  private constructor(
    private readonly support: LanguageSupport,
    private readonly model: PackageModel,
    readonly language: Language,
  ) {}

  static async build(language: Language, support: LanguageSupport): Promise<ConformancePackage> {
    const root = join(BUILDS, language);
    mkdirSync(root, { recursive: true });
    // The tests with their mocks are generated once: each run begins with those of this version.
    rmSync(join(root, 'nodes'), { recursive: true, force: true });
    cpSync(join(SOURCES, 'shared'), root, { recursive: true });
    cpSync(join(SOURCES, language), root, { recursive: true });
    const manifest = readFileSync(join(SOURCES, 'shared', 'axiom.yaml'), 'utf8');
    writeFileSync(join(root, 'axiom.yaml'), manifest.replace('LANGUAGE', language));
    writeFileSync(join(root, 'vectors.txt'), plainVectors());
    const model = await loadPackage(root);
    const report = (): void => undefined;
    await writeFiles(root, await support.generate(model, report), report);
    openDouble(language, root);
    await support.build(model, report);
    return new ConformancePackage(support, model, language);
  }

  /** Runs the package's own tests, those of its mock among them; answers what they printed where they fail. */
  async testFailure(): Promise<string | undefined> {
    const { argv, cwd, env } = await this.support.testCommand(this.model, []);
    const child = spawn(argv[0], argv.slice(1), { cwd, env: { ...process.env, ...env } });
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    const [code] = (await once(child, 'close')) as [number | null];
    return code === 0 ? undefined : Buffer.concat(chunks).toString().slice(-4_000);
  }

  /** Starts the node host on a socket; its output is kept for whoever asks why it failed. */
  async startHost(socket: string): Promise<RunningHost> {
    const { argv, cwd, env } = await this.support.hostCommand(this.model);
    return new RunningHost(
      spawn(argv[0], argv.slice(1), { cwd, env: { ...process.env, ...env, AXIOM_SOCKET: socket } }),
    );
  }

  encode(input: ProbeInput): Uint8Array {
    const schema = this.#message('ProbeRequest');
    return toBinary(schema, create(schema, input as never));
  }

  decode(output: Uint8Array): Probed {
    return fromBinary(this.#message('ProbeReply'), output) as MessageShape<DescMessage> & Probed;
  }

  decodeCounts(output: Uint8Array): Counts {
    return fromBinary(this.#message('Counts'), output) as MessageShape<DescMessage> & Counts;
  }

  #message(name: string): DescMessage {
    const found = this.model.registry.getMessage(`axiom.conformance.${name}`);
    if (found === undefined) throw new Error(`the conformance package has no message ${name}`);
    return found;
  }
}

/** The generated doubles of Rust and C# are private to their test, so they are opened for the test of the vectors. */
function openDouble(language: Language, root: string): void {
  if (language === 'rust') {
    edit(join(root, 'nodes', 'probe_test.rs'), (test) => {
      const end = test.lastIndexOf('}');
      return `${test.slice(0, end)}\n    include!("vectors_in_tests.rs");\n${test.slice(end)}`;
    });
  }
  if (language === 'csharp') {
    edit(join(root, 'nodes', 'probe_test.cs'), (test) =>
      test.replace('private sealed class TestContext', 'internal sealed class TestContext'),
    );
  }
}

function edit(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

/** A node host's process. */
export class RunningHost {
  #output = '';
  readonly #gone: Promise<unknown>;

  constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
    }
    this.#gone = once(child, 'exit');
  }

  /** Everything that it printed. */
  get output(): string {
    return this.#output;
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** SIGKILL: nothing is tidied up. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.#gone;
  }

  /** SIGTERM, and SIGKILL after 5 seconds. @returns its exit code, null where a signal ended it. */
  async stop(): Promise<number | null> {
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 5_000);
    this.child.kill('SIGTERM');
    await this.#gone;
    clearTimeout(timer);
    return this.child.exitCode;
  }
}
