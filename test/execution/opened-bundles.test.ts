/** Answers that are on their way at the same time share what was opened for them, and nothing of it outlives the last. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fromBinary } from '@bufbuild/protobuf';
import type { TenantOpener } from '../../src/crypto/open/opener';
import type { TenantId } from '../../src/domain/ids';
import { TENANT_SCOPE } from '../../src/domain/scope';
import type { SerializedMessage } from '../../src/domain/serialized';
import { OpenedBundles } from '../../src/execution/opened-bundles';
import { resolveForExecution } from '../../src/execution/resolve';
import {
  ResolveForExecutionRequestSchema,
  ResolveForExecutionResponseSchema,
} from '../../src/gen/axiom/secrets/v1/secrets_pb';
import { filled, member, openRooms, SIDECAR, text, type Rooms } from '../support/rooms';

const admin = member();
const content = (value: string) => ({ case: 'value', value: text(value) }) as const;

let rooms: Rooms;
let configId: string;
let answers: SerializedMessage[];

beforeEach(async () => {
  answers = [];
  rooms = await openRooms();
  for (const name of ['A', 'B'])
    await rooms.secrets.addSecret(admin, { name, content: content(`tenant's ${name}`) });
  const { flowConfig } = await rooms.configs.createFlowConfig(admin, { flowId: 'flow' });
  configId = flowConfig?.configId ?? '';
  await rooms.configs.setSecretOverride(admin, { configId, name: 'B', content: content('overridden') });
});
afterEach(async () => {
  for (const answer of answers) answer.wipe();
  await rooms.close();
});

const start = async () =>
  (await rooms.start({ config: { case: 'configId', value: configId } })).executionToken;

/** An answer that has not left yet. */
async function resolve(executionToken: string): Promise<SerializedMessage> {
  const request = filled(ResolveForExecutionRequestSchema, { executionToken });
  const answer = await resolveForExecution(rooms.execution, SIDECAR, request);
  answers.push(answer);
  return answer;
}

function valuesOf(answer: SerializedMessage): Record<string, string> {
  const { secrets } = fromBinary(ResolveForExecutionResponseSchema, Buffer.concat(answer.expose()));
  return Object.fromEntries(
    Object.entries(secrets).map(([name, { value }]) => [name, Buffer.from(value).toString()]),
  );
}

const isZeros = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);
/** The tenant's bundle and the config's. */
const bundlesOf = (answer: SerializedMessage) => answer.expose().slice(0, 2);

const WHOLE = { A: "tenant's A", B: 'overridden' };

describe('Answers that are on their way at the same time', () => {
  it('have the same opened bundles, which are whole until the last has left, and zeros then', async () => {
    const tokens = [await start(), await start(), await start()];
    const [first, second, third] = (await Promise.all(tokens.map(resolve))) as [
      ...[SerializedMessage, SerializedMessage, SerializedMessage],
    ];
    expect(bundlesOf(second).map((part, index) => part === bundlesOf(first)[index])).toEqual([true, true]);
    first.wipe();
    // Told twice of one answer that it has left, they are still whole for the others.
    first.wipe();
    second.wipe();
    expect(valuesOf(third)).toEqual(WHOLE);
    third.wipe();
    expect(bundlesOf(third).map(isZeros)).toEqual([true, true]);
  });

  it('are counted in the audit log with as many secrets each', async () => {
    await Promise.all([await start(), await start()].map(resolve));
    const events = await rooms.store.read((tx) =>
      tx.listAuditEvents('acme' as never, { action: 'execution.resolve' }, { limit: 9 }),
    );
    expect(events.map(({ count }) => count)).toEqual([3, 3]);
  });

  it('are opened anew after the last has left', async () => {
    const token = await start();
    const first = await resolve(token);
    first.wipe();
    const second = await resolve(token);
    expect(bundlesOf(second)[0]).not.toBe(bundlesOf(first)[0]);
    expect(valuesOf(second)).toEqual(WHOLE);
  });

  it('have nothing of each other where their executions pinned other revisions', async () => {
    const before = await resolve(await start());
    await rooms.secrets.replaceSecret(admin, { name: 'A', content: content('newer') });
    const after = await resolve(await start());
    expect([valuesOf(before), valuesOf(after)]).toEqual([WHOLE, { ...WHOLE, A: 'newer' }]);
  });

  it('have no value that was revoked since the first was made', async () => {
    const token = await start();
    const before = await resolve(token);
    await rooms.secrets.deleteSecret(admin, { name: 'A', revokeRunning: true });
    const after = await resolve(token);
    expect(valuesOf(after)).toEqual({ B: 'overridden' });
    expect(valuesOf(before)).toEqual(WHOLE);
  });

  it('have their memory given back with the last of them, unless somebody may still look at one', async () => {
    for (const isFree of [true, false]) {
      const { first, second, ciphertexts } = await openedTwice();
      first.release(isFree);
      expect(Buffer.from(second.bytes).every((byte) => byte === 7)).toBe(true);
      second.release(true);
      expect(Buffer.from(second.bytes)).toEqual(Buffer.alloc(isFree ? 0 : LARGE));
      expect(ciphertexts.map(({ byteLength }) => byteLength)).toEqual([0, 0]);
    }
  });
});

const LARGE = 10_000;

/** One bundle for two answers, each of which read it. */
async function openedTwice() {
  const opener = { openBundle: () => Promise.resolve(new Uint8Array(LARGE).fill(7)) };
  const binding = { tenantId: 'acme' as TenantId, scope: TENANT_SCOPE, revision: 1 };
  const bundles = new OpenedBundles();
  const ciphertexts = [new Uint8Array(LARGE), new Uint8Array(LARGE)] as const;
  const open = (ciphertext: Uint8Array) =>
    bundles.open(opener as unknown as TenantOpener, ciphertext, binding);
  return { first: await open(ciphertexts[0]), second: await open(ciphertexts[1]), ciphertexts };
}
