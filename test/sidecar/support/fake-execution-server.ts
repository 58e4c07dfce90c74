/**
 * Stands in for the execution server where a test must make it fail: refuse, hang, go away,
 * revoke. The real one is driven through a sidecar in test/conformance.
 */

import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Server, ServerCredentials, status, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { durationOf } from '../../../src/domain/duration';
import {
  ExecutionsService,
  type ReportReadsRequest,
  type ReportReadsResponse,
} from '../../../src/gen/axiom/executions/v1/executions_pb';
import {
  ResolveForExecutionResponseSchema,
  SecretsService,
  SecretSource,
  type ResolveForExecutionRequest,
} from '../../../src/gen/axiom/secrets/v1/secrets_pb';
import { wireMethod } from '../../../src/wire/method';
import type { TestPki } from './pki';

export interface FakeExecution {
  executionId: string;
  tenantId: string;
  secrets: Record<string, string>;
  overrides?: Record<string, string>;
  revokedNames?: string[];
  expireTime?: number;
  timeLeftMs?: number;
  nodeTimeoutSeconds?: number;
  active?: boolean;
}

/**
 * On Linux an address from which nobody connects: a port that was let go is there again for `start`, and nobody else's
 * connection has it meanwhile.
 */
const HOST = process.platform === 'linux' ? '127.0.0.4' : '127.0.0.1';

type ReportedRead = ReportReadsRequest['executions'][number]['reads'][number];

export class FakeExecutionServer {
  readonly executions = new Map<string, FakeExecution>();
  /** The tokens of each ResolveForExecution. */
  readonly resolutions: string[] = [];
  readonly reads: (ReportedRead & { token: string })[] = [];
  /** Reads that were only counted. */
  otherReads = 0;
  reports = 0;
  /** How often a report was answered with `active: false`. */
  ended = 0;
  /** Every call fails so while it is set. */
  failure: status | undefined;
  address = '';
  #server = new Server();

  constructor(private readonly pki: TestPki) {}

  async start(): Promise<void> {
    this.#server = new Server();
    const resolve = wireMethod(SecretsService.method.resolveForExecution);
    this.#server.addService(
      { resolve: { ...resolve, responseSerialize: (bytes: Buffer) => bytes } },
      { resolve: this.#resolve },
    );
    this.#server.addService(
      { reportReads: wireMethod(ExecutionsService.method.reportReads) },
      { reportReads: this.#reportReads },
    );
    const { ca, cert, key } = this.pki.server;
    const credentials = ServerCredentials.createSsl(ca, [{ private_key: key, cert_chain: cert }], true);
    const port = await new Promise<number>((done, fail) => {
      this.#server.bindAsync(this.address || `${HOST}:0`, credentials, (error, bound) =>
        error ? fail(error) : done(bound),
      );
    });
    this.address = `${HOST}:${port}`;
  }

  /** Cuts every connection; `start` comes back at the same address. */
  stop(): void {
    this.#server.forceShutdown();
  }

  readonly #resolve = (
    call: ServerUnaryCall<ResolveForExecutionRequest, Buffer>,
    answer: sendUnaryData<Buffer>,
  ): void => {
    const token = call.request.executionToken;
    this.resolutions.push(token);
    if (this.failure !== undefined) return answer({ code: this.failure, details: 'as the test wants' });
    const execution = this.executions.get(token);
    if (execution === undefined || execution.active === false) {
      return answer({ code: status.UNAUTHENTICATED, details: 'no' });
    }
    answer(null, resolutionOf(execution));
  };

  readonly #reportReads = (
    call: ServerUnaryCall<ReportReadsRequest, ReportReadsResponse>,
    answer: sendUnaryData<ReportReadsResponse>,
  ): void => {
    if (this.failure !== undefined) return answer({ code: this.failure, details: 'as the test wants' });
    this.reports++;
    const executions = call.request.executions.map(({ executionToken, reads, otherReads }) => {
      this.otherReads += Number(otherReads);
      this.reads.push(...reads.map((read) => ({ ...read, token: executionToken })));
      const execution = this.executions.get(executionToken);
      const active = execution?.active ?? execution !== undefined;
      if (!active) this.ended++;
      return { active, revokedNames: execution?.revokedNames ?? [] };
    });
    answer(null, { executions } as ReportReadsResponse);
  };
}

type ResponseInit = MessageInitShape<typeof ResolveForExecutionResponseSchema>;

/** As the real service makes it: the tenant's message, the config's, the receipt, concatenated. */
function resolutionOf(execution: FakeExecution): Buffer {
  const entries = (values: Record<string, string>, source: SecretSource) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        { value: Buffer.from(value), version: 1n, source },
      ]),
    );
  const parts: ResponseInit[] = [
    { secrets: entries(execution.secrets, SecretSource.TENANT) },
    { secrets: entries(execution.overrides ?? {}, SecretSource.CONFIG) },
    {
      receipt: {
        executionId: execution.executionId,
        tenantId: execution.tenantId,
        flowId: 'flow-1',
        expireTime: timestampFromMs(execution.expireTime ?? Date.now() + 900_000),
        ...(execution.timeLeftMs === undefined ? {} : { timeLeft: durationOf(execution.timeLeftMs) }),
        nodeTimeout: { seconds: BigInt(execution.nodeTimeoutSeconds ?? 300) },
        revokedNames: [],
      },
    },
  ];
  return Buffer.concat(
    parts.map((part) =>
      toBinary(ResolveForExecutionResponseSchema, create(ResolveForExecutionResponseSchema, part)),
    ),
  );
}
