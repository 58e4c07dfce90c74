/** The real service with a tenant a vector, and a real sidecar beside a node host. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Channel } from '@grpc/grpc-js';
import pino from 'pino';
import { SidecarService } from '../../src/gen/axiom/sidecar/v1/sidecar_pb';
import type { PairFiles } from '../../src/server/data-dir';
import { startSidecar, type RunningSidecar } from '../../src/sidecar/sidecar';
import { openChannel, wireClient, type WireClient } from '../../src/wire/client';
import { as, bytes, executionClients, managementClients, operatorClients } from '../support/clients';
import { startTestService, type TestService } from '../support/service';
import type { ConformancePackage, Probed, ProbeInput, RunningHost } from './conformance-package';
import { HostSocket } from './host-socket';
import type { Vector } from './vectors';

export const FLOW = 'conformance/flow';

export class Platform {
  readonly #management;
  readonly #operator;
  readonly #engine;
  #tenants = 0;

  private constructor(readonly service: TestService) {
    this.#management = managementClients(service);
    this.#operator = operatorClients(service);
    this.#engine = executionClients(service, 'engine');
  }

  static async start(): Promise<Platform> {
    return new Platform(await startTestService({ logLevel: 'warn' }));
  }

  /** A new tenant with the vector's secrets, and an override config where it has overrides. */
  async tenantOf(vector: Pick<Vector, 'secrets' | 'overrides'>): Promise<ConformanceTenant> {
    const tenantId = `conformance-${++this.#tenants}`;
    const { adminApiKey } = await this.#operator.access.createTenant({ tenantId });
    const auth = as(adminApiKey);
    for (const [name, value] of vector.secrets) {
      await this.#management.secrets.addSecret(
        { name, content: { case: 'value', value: bytes(value) } },
        auth,
      );
    }
    let configId: string | undefined;
    if (vector.overrides.size > 0) {
      const created = await this.#management.flowConfigs.createFlowConfig(
        { flowId: FLOW, profileName: 'other' },
        auth,
      );
      configId = created.flowConfig?.configId ?? '';
      for (const [name, value] of vector.overrides) {
        await this.#management.flowConfigs.setSecretOverride(
          { configId, name, content: { case: 'value', value: bytes(value) } },
          auth,
        );
      }
    }
    return { tenantId, configId, adminApiKey };
  }

  /** @returns the execution's token. */
  async startExecution({ tenantId, configId }: ConformanceTenant): Promise<string> {
    const config = configId === undefined ? {} : { config: { case: 'configId' as const, value: configId } };
    const started = await this.#engine.executions.startExecution({ tenantId, flowId: FLOW, ...config });
    return started.executionToken;
  }

  async revoke(tenant: ConformanceTenant, name: string): Promise<void> {
    await this.#management.secrets.deleteSecret({ name, revokeRunning: true }, as(tenant.adminApiKey));
  }

  async stop(): Promise<void> {
    for (const clients of [this.#management, this.#operator, this.#engine]) clients.close();
    await this.service.stop();
  }
}

export interface ConformanceTenant {
  readonly tenantId: string;
  readonly configId: string | undefined;
  readonly adminApiKey: string;
}

/** A node host with its sidecar, called as an engine calls. */
export class NodeUnderTest {
  readonly #folder = mkdtempSync(join(tmpdir(), 'axiom-conformance-'));
  readonly logLines: string[] = [];
  #host!: RunningHost;
  #sidecar!: RunningSidecar;
  #channel!: Channel;
  #engine!: WireClient<typeof SidecarService>;

  private constructor(private readonly pkg: ConformancePackage) {}

  static async start(pkg: ConformancePackage, { service }: Platform): Promise<NodeUnderTest> {
    const node = new NodeUnderTest(pkg);
    await node.startHost();
    const { caCertificate, workloads } = service.dir;
    const [engine, sidecar, door] = ['engine', 'sidecar', 'sidecar-door'].map((name) =>
      workloads.pair(name),
    ) as [PairFiles, PairFiles, PairFiles];
    node.#sidecar = await startSidecar({
      executionAddress: service.execution,
      tls: {
        ...{ ca: caCertificate, cert: sidecar.certificate, key: sidecar.key },
        ...{ doorCert: door.certificate, doorKey: door.key },
      },
      listen: '127.0.0.1:0',
      nodeSocket: node.socketPath,
      reportIntervalMs: 100,
      logger: pino({ level: 'debug' }, { write: (line: string) => void node.logLines.push(line) }),
    }).catch((error: unknown) => {
      throw new Error(`the node host did not come up; it printed:\n${node.hostOutput}`, { cause: error });
    });
    const [ca, cert, key] = [caCertificate, engine.certificate, engine.key].map((file) =>
      readFileSync(file),
    ) as [Buffer, Buffer, Buffer];
    node.#channel = openChannel({ address: node.#sidecar.address, tls: { ca, cert, key, toSidecar: true } });
    node.#engine = wireClient(SidecarService, node.#channel);
    return node;
  }

  async startHost(): Promise<void> {
    this.#host = await this.pkg.startHost(this.socketPath);
  }

  /** The host's socket without the sidecar; close it. */
  hostSocket(): HostSocket {
    return new HostSocket(this.socketPath, this.#host.pid);
  }

  get hostPid(): number {
    return this.#host.pid;
  }

  killHost(): Promise<void> {
    return this.#host.kill();
  }

  stopHost(): Promise<number | null> {
    return this.#host.stop();
  }

  get hostOutput(): string {
    return this.#host.output;
  }

  /** How often the sidecar has found a host. */
  get timesFound(): number {
    return this.logLines.filter((line) => line.includes('the node host is there')).length;
  }

  async invoke(token: string, node: string, input: ProbeInput, signal?: AbortSignal): Promise<Probed> {
    const request = { executionToken: token, node, input: this.pkg.encode(input) };
    const { output } = await this.#engine.invoke(request, signal === undefined ? {} : { signal });
    return this.pkg.decode(output);
  }

  async pipeline(token: string, node: string, inputs: readonly ProbeInput[]): Promise<Probed[]> {
    const { pkg } = this;
    async function* requests() {
      yield { message: { case: 'start' as const, value: { executionToken: token, node } } };
      for (const input of inputs) yield { message: { case: 'input' as const, value: pkg.encode(input) } };
    }
    const outputs: Probed[] = [];
    for await (const { output } of this.#engine.invokePipeline(requests())) outputs.push(pkg.decode(output));
    return outputs;
  }

  async stop(): Promise<void> {
    this.#channel?.close();
    await this.#sidecar?.stop();
    await this.#host?.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get socketPath(): string {
    return join(this.#folder, 'node.sock');
  }
}
