/** Messages that are written field by field are what the generic writer and reader take them for. */

import { create, fromBinary, toBinary, type DescMessage } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { durationOf } from '../../src/domain/duration';
import type { ConfigId, ExecutionId, FlowId, SecretName, TenantId } from '../../src/domain/ids';
import { countSecrets, fixedPart, serializeReceipt } from '../../src/execution/resolution-message';
import { serializeStarted } from '../../src/execution/started-message';
import { serializeClaims, type Claims } from '../../src/execution/tokens';
import { StartExecutionResponseSchema } from '../../src/gen/axiom/executions/v1/executions_pb';
import {
  AddSecretResponseSchema,
  ReplaceSecretResponseSchema,
  ResolveForExecutionResponseSchema,
} from '../../src/gen/axiom/secrets/v1/secrets_pb';
import { ExecutionClaimsSchema } from '../../src/gen/axiom/token/v1/token_pb';
import { receiptOf, serializeSecretReceipt } from '../../src/management/secret-message';

const whole = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 });
/** 9999-12-31: the last moment that a Timestamp has. */
const moment = fc.integer({ min: 0, max: 253_402_300_799_999 });

const claims: fc.Arbitrary<Claims> = fc.record({
  executionId: text.map((id) => id as ExecutionId),
  tenantId: text.map((id) => id as TenantId),
  flowId: text.map((id) => id as FlowId),
  configId: fc.option(
    text.map((id) => id as ConfigId),
    { nil: undefined },
  ),
  tenantRevision: whole,
  configRevision: whole,
  expireTime: moment,
  nodeTimeoutSeconds: fc.integer({ min: 0, max: 86_400 }),
});

describe('A message that every execution needs', () => {
  it('has the same claims in a token, whoever wrote them', () => {
    fc.assert(
      fc.property(claims, (given) => {
        const { executionId, tenantId, flowId, configId = '', nodeTimeoutSeconds } = given;
        const expected = create(ExecutionClaimsSchema, {
          ...{ executionId, tenantId, flowId, configId, nodeTimeoutSeconds },
          tenantRevision: BigInt(given.tenantRevision),
          configRevision: BigInt(given.configRevision),
          expireTimeMs: BigInt(given.expireTime),
        });
        expect(Buffer.from(serializeClaims(given))).toEqual(
          Buffer.from(toBinary(ExecutionClaimsSchema, expected)),
        );
      }),
    );
  });

  it('has the same receipt in a resolution, at any time before and after its end', () => {
    fc.assert(
      fc.property(claims, fc.array(text), moment, (given, revokedNames, now) => {
        const { executionId, tenantId, flowId, configId = '' } = given;
        const receipt = {
          ...{ executionId, tenantId, flowId, configId, revokedNames },
          tenantRevision: BigInt(given.tenantRevision),
          configRevision: BigInt(given.configRevision),
          expireTime: timestampFromMs(given.expireTime),
          nodeTimeout: { seconds: BigInt(given.nodeTimeoutSeconds) },
          timeLeft: durationOf(given.expireTime - now),
        };
        // Twice: the part that never changes is kept.
        for (const bytes of [1, 2].map(() => serializeReceipt(given, revokedNames, now)))
          expect(fromBinary(ResolveForExecutionResponseSchema, bytes)).toEqual(
            create(ResolveForExecutionResponseSchema, { receipt }),
          );
      }),
    );
  });

  it('keeps of a receipt its own bytes and no more', () => {
    fc.assert(
      fc.property(claims, (given) => {
        const kept = fixedPart(given);
        expect(kept.buffer.byteLength).toBe(kept.byteLength);
      }),
    );
  });

  it('has the same answer to a start, whoever wrote it', () => {
    fc.assert(
      fc.property(claims, text, moment, (given, executionToken, now) => {
        const { executionId, configId, expireTime, nodeTimeoutSeconds } = given;
        const bytes = serializeStarted({
          ...{ executionId, executionToken, expireTime, configId, nodeTimeoutSeconds },
          timeLeftMs: expireTime - now,
        });
        expect(fromBinary(StartExecutionResponseSchema, bytes)).toEqual(
          create(StartExecutionResponseSchema, {
            ...{ executionId, executionToken, configId: configId ?? '' },
            expireTime: timestampFromMs(expireTime),
            nodeTimeout: { seconds: BigInt(nodeTimeoutSeconds) },
            timeLeft: durationOf(expireTime - now),
          }),
        );
      }),
    );
  });

  it('tells how many secrets it has, whatever their lengths', () => {
    const secret = fc.record({
      value: fc.uint8Array({ maxLength: 20_000 }),
      version: whole.map(BigInt),
      source: fc.constantFrom(0, 1, 2),
    });
    // No secret can be called so, and the writer of messages would lose it.
    const name = text.filter((one) => one !== '__proto__');
    fc.assert(
      fc.property(fc.dictionary(name, secret), claims, (secrets, given) => {
        const bundle = toBinary(
          ResolveForExecutionResponseSchema,
          create(ResolveForExecutionResponseSchema, { secrets }),
        );
        const count = Object.keys(secrets).length;
        expect(countSecrets(bundle)).toBe(count);
        expect(countSecrets(Buffer.concat([bundle, serializeReceipt(given, [], 0)]))).toBe(count);
      }),
      { numRuns: 50 },
    );
  });
});

describe('The answer to a write', () => {
  it('has the same receipt, whoever wrote it', () => {
    const receipt = fc.record({
      ...{ name: text, createTime: moment, updateTime: moment, version: whole },
      paddedBytes: fc.integer({ min: 0, max: 70_000 }),
    });
    fc.assert(
      fc.property(receipt, ({ name, ...given }) => {
        const answer = create(AddSecretResponseSchema, {
          receipt: receiptOf({ ...given, name: name as SecretName }),
        });
        expect(Buffer.from(serializeSecretReceipt(answer))).toEqual(
          Buffer.from(toBinary(AddSecretResponseSchema, answer)),
        );
      }),
    );
    const none = create(AddSecretResponseSchema, {});
    expect(serializeSecretReceipt(none)).toEqual(Buffer.from(toBinary(AddSecretResponseSchema, none)));
  });

  it('is the same message where a secret is replaced', () => {
    const fieldsOf = ({ fields }: DescMessage) =>
      fields.map(({ number, name, message }) => [number, name, message]);
    expect(fieldsOf(ReplaceSecretResponseSchema)).toEqual(fieldsOf(AddSecretResponseSchema));
  });
});
