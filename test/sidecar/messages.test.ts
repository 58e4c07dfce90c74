import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { InvokePipelineRequestSchema, InvokeRequestSchema } from '../../src/gen/axiom/node/v1/node_pb';
import { InvokeResponseSchema } from '../../src/gen/axiom/sidecar/v1/sidecar_pb';
import { ResolveForExecutionResponseSchema, SecretSource } from '../../src/gen/axiom/secrets/v1/secrets_pb';
import {
  encodeExecutionContext,
  encodeInvokeAnswer,
  encodeInvokeRequest,
  encodePipelineInput,
  encodePipelineStart,
} from '../../src/sidecar/node-messages';
import { Resolution } from '../../src/sidecar/resolution';

const ids = { executionId: 'ex-1', flowId: 'flow/é', tenantId: 'acme' };
const values = new Map([
  ['A', Buffer.from('one')],
  ['EMPTY_NEVER', Buffer.from('')],
  ['__proto__', Buffer.from('polluted')],
  ['BIG', Buffer.alloc(65_536, 'x')],
]);

describe('the messages that carry secrets to a node host', () => {
  const context = encodeExecutionContext(ids, values, ['GONE', 'LOST']);

  it('read back by the generated codec as what was put in', () => {
    const request = fromBinary(InvokeRequestSchema, encodeInvokeRequest('Greet', context, Buffer.from('in')));
    expect(request.node).toBe('Greet');
    expect(Buffer.from(request.input).toString()).toBe('in');
    expect(request.context).toMatchObject({ ...ids, revokedSecretNames: ['GONE', 'LOST'] });
    expect(Buffer.from(request.context?.secrets['A'] ?? []).toString()).toBe('one');
    expect(request.context?.secrets['BIG']).toHaveLength(65_536);
  });

  it('for pipelines too', () => {
    const start = fromBinary(InvokePipelineRequestSchema, encodePipelineStart('Pipe', context)).message;
    expect(start.case === 'start' && [start.value.node, start.value.context?.tenantId]).toEqual([
      'Pipe',
      'acme',
    ]);
    const input = fromBinary(InvokePipelineRequestSchema, encodePipelineInput(Buffer.from('in'))).message;
    expect(input.case === 'input' && Buffer.from(input.value).toString()).toBe('in');
  });
});

it.each([0, 1, 127, 128, 300_000])(
  'an answer with an output of %i bytes is as the generated codec writes it',
  (bytes) => {
    const output = Buffer.alloc(bytes, 'o');
    const generated = toBinary(InvokeResponseSchema, create(InvokeResponseSchema, { output }));
    expect(Buffer.concat(encodeInvokeAnswer(output)).equals(generated)).toBe(true);
  },
);

describe("the execution server's answer", () => {
  const part = (init: Parameters<typeof create<typeof ResolveForExecutionResponseSchema>>[1]): Uint8Array =>
    toBinary(ResolveForExecutionResponseSchema, create(ResolveForExecutionResponseSchema, init));
  const secret = (text: string, source: SecretSource) => ({ value: Buffer.from(text), version: 1n, source });
  const answer = (): Buffer =>
    Buffer.concat([
      part({
        secrets: { A: secret('tenant-a', SecretSource.TENANT), B: secret('tenant-b', SecretSource.TENANT) },
      }),
      part({ secrets: { A: secret('config-a', SecretSource.CONFIG) } }),
      part({ receipt: { executionId: 'ex-1' } }),
    ]);

  it('gives an override in place of the value it overrides, as the generated codec reads it', () => {
    const resolution = Resolution.parse(answer());
    const read = [...resolution.values()].map(([name, value]) => [name, Buffer.from(value).toString()]);
    expect(Object.fromEntries(read)).toEqual({ A: 'config-a', B: 'tenant-b' });
    const generated = fromBinary(ResolveForExecutionResponseSchema, answer());
    expect(Buffer.from(generated.secrets['A']?.value ?? []).toString()).toBe('config-a');
  });

  it('is zeroed whole when it is wiped, the overridden value included', () => {
    const bytes = answer();
    const resolution = Resolution.parse(bytes);
    resolution.wipe();
    expect(bytes.every((byte) => byte === 0)).toBe(true);
  });

  it('is refused without a receipt, when truncated, and shows nothing of itself', () => {
    expect(() => Resolution.parse(Buffer.from(part({ secrets: {} })))).toThrow('no receipt');
    expect(() => Resolution.parse(answer().subarray(0, 20))).toThrow();
    expect(inspect(Resolution.parse(answer()), { depth: 10, showHidden: true })).toBe('[REDACTED]');
  });
});
