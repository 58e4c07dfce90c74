/** Executions: tokens, ends, reports, and failing closed. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseTenantId } from '../../src/domain/ids';
import { TENANT_SCOPE } from '../../src/domain/scope';
import { onBehalfOf, throwIfGone } from '../../src/domain/waiter';
import { sweep } from '../../src/execution/janitor';
import { LazyAbort } from '../../src/server/lazy-abort';
import { member, openRooms, text, type Rooms } from '../support/rooms';

let rooms: Rooms;
const admin = member();
const acme = parseTenantId('acme');

beforeEach(async () => {
  rooms = await openRooms();
  await rooms.secrets.addSecret(admin, { name: 'A', content: { case: 'value', value: text('one') } });
});

afterEach(() => rooms.close());

describe('An ended, expired, forged or foreign token gets nothing, and the same answer in each case', () => {
  it('answers each in the same words', async () => {
    const ended = (await rooms.start({})).executionToken;
    await rooms.end(ended);
    const expired = (await rooms.start({})).executionToken;
    rooms.time.now += 900_001;
    const foreign = await openRooms();
    const theirs = (await foreign.start({})).executionToken;
    await foreign.close();
    const mine = (await rooms.start({})).executionToken;
    const flipped = mine.slice(0, 20) + (mine[20] === 'A' ? 'B' : 'A') + mine.slice(21);
    const tokens = [
      ended,
      expired,
      theirs,
      flipped,
      `${mine}A`,
      mine.slice(0, -4),
      '',
      'axt_',
      'axt_AAAA',
      `axt_${'A'.repeat(5_000)}`,
      'x',
    ];
    const answers = new Set<string>();
    for (const token of tokens) {
      const error = await rooms.resolve(token).then(
        () => undefined,
        (caught: unknown) => caught as { code: string; message: string },
      );
      answers.add(`${error?.code}: ${error?.message}`);
    }
    expect(answers.size).toBe(1);
    expect([...answers][0]).toMatch(/^UNAUTHENTICATED: /);
    expect(await rooms.values(mine)).toEqual({ A: 'one' });
  });

  it('ends once only', async () => {
    const { executionToken } = await rooms.start({});
    await rooms.end(executionToken);
    await expect(rooms.end(executionToken)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('Starting an execution', () => {
  it.each([
    ['an unknown tenant', { tenantId: 'nobody' }, 'NOT_FOUND'],
    ['a tenant id that cannot be', { tenantId: 'No Body' }, 'INVALID_ARGUMENT'],
    ['no flow', { flowId: '' }, 'INVALID_ARGUMENT'],
    ['an execution id that cannot be', { executionId: '-x' }, 'INVALID_ARGUMENT'],
    ['a config id of nothing', { config: { case: 'configId', value: 'nope' } as const }, 'NOT_FOUND'],
  ])('is refused for %s', async (_what, request, code) => {
    await expect(rooms.start(request)).rejects.toMatchObject({ code });
  });

  it('makes ids that come one after the other, as version 7 UUIDs in hex', async () => {
    rooms.time.now = 0x0199_0abc_def0;
    const first = (await rooms.start({})).executionId;
    rooms.time.now += 1;
    const second = (await rooms.start({})).executionId;
    expect(first).toMatch(/^01990abcdef07[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
    expect(second).toMatch(/^01990abcdef17[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
    expect(first.slice(13)).not.toBe(second.slice(13));
  });

  it('takes the platform’s id, once', async () => {
    expect((await rooms.start({ executionId: 'run-1' })).executionId).toBe('run-1');
    await expect(rooms.start({ executionId: 'run-1' })).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
  });

  it('pins what stood when it was asked for, whatever is written before the pin', async () => {
    const { write } = rooms.store;
    let changes = 0;
    const store = {
      ...rooms.store,
      async write(...args: Parameters<typeof write>) {
        await rooms.secrets.replaceSecret(admin, {
          name: 'A',
          content: { case: 'value', value: text(`change ${++changes}`) },
        });
        return write.apply(rooms.store, args);
      },
    };
    const { startExecution } = await import('../../src/execution/start');
    const { StartExecutionRequestSchema } = await import('../../src/gen/axiom/executions/v1/executions_pb');
    const { filled } = await import('../support/rooms');
    const start = () =>
      startExecution(
        { ...rooms.execution, store: store as never },
        { principal: { kind: 'engine', id: 'engine:x' }, door: 'execution', source: '' },
        filled(StartExecutionRequestSchema, { tenantId: 'acme', flowId: 'f' }),
      );
    // The first write finds no bundle; the second pins the snapshot from before its own change.
    expect(await rooms.values((await start()).executionToken)).toEqual({ A: 'change 1' });
    expect(await rooms.values((await start()).executionToken)).toEqual({ A: 'change 3' });
    expect(changes).toBe(4);
  });
});

describe('Found or not found is only ever said on positive knowledge', () => {
  it('fails the start when a row does not open, naming it and what to do', async () => {
    await rooms.store.write(async (tx) => {
      const [row] = await tx.listSealedSecrets(acme, TENANT_SCOPE);
      const moved = { sealId: new Uint8Array(16), version: 2 };
      if (row !== undefined) await tx.putSecret(acme, TENANT_SCOPE, { ...row, ...moved });
    });
    await expect(rooms.start({})).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
      message: expect.stringMatching(/secret A does not open.*save it again/),
    });
    await rooms.secrets.replaceSecret(admin, { name: 'A', content: { case: 'value', value: text('again') } });
    expect(await rooms.values((await rooms.start({})).executionToken)).toEqual({ A: 'again' });
  });

  it('makes a pinned bundle again from the rows while they are in force: lost, damaged, or another tenant’s', async () => {
    const { executionToken } = await rooms.start({});
    await rooms.addTenant('other');
    await rooms.secrets.addSecret(member('other'), {
      name: 'A',
      content: { case: 'value', value: text('theirs') },
    });
    await rooms.start({ tenantId: 'other' });
    const theirs = await rooms.store.read((tx) => tx.getBundle(parseTenantId('other'), TENANT_SCOPE));
    const put = (ciphertext: Uint8Array) =>
      rooms.store.write((tx) => tx.putBundle(acme, TENANT_SCOPE, { revision: 1, ciphertext }));
    for (const damage of [
      () => rooms.store.write((tx) => tx.deleteBundle(acme, TENANT_SCOPE, 1)),
      () => put(new Uint8Array(40)),
      () => put(theirs?.ciphertext ?? new Uint8Array()),
    ]) {
      await damage();
      expect(await rooms.values(executionToken)).toEqual({ A: 'one' });
    }
  });

  it('fails the resolution when a pinned bundle is gone whose rows are, and never answers a part', async () => {
    const { executionToken } = await rooms.start({});
    await rooms.secrets.replaceSecret(admin, { name: 'A', content: { case: 'value', value: text('two') } });
    await rooms.store.write((tx) => tx.deleteBundle(acme, TENANT_SCOPE, 1));
    await expect(rooms.resolve(executionToken)).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'PINNED_BUNDLE_LOST',
    });
  });

  it('makes the bundle again from the rows when the one before does not open', async () => {
    await rooms.start({});
    await rooms.store.write((tx) =>
      tx.putBundle(acme, TENANT_SCOPE, { revision: 1, ciphertext: new Uint8Array(40) }),
    );
    await rooms.secrets.addSecret(admin, { name: 'B', content: { case: 'value', value: text('two') } });
    expect(await rooms.values((await rooms.start({})).executionToken)).toEqual({ A: 'one', B: 'two' });
  });

  it('answers nothing when the audit log cannot be written', async () => {
    const { executionToken } = await rooms.start({});
    const failing = {
      ...rooms.execution,
      store: {
        ...rooms.store,
        read: rooms.store.read.bind(rooms.store),
        write: () => Promise.reject(new Error('disk full')),
      },
    };
    const { resolveForExecution } = await import('../../src/execution/resolve');
    const { ResolveForExecutionRequestSchema } = await import('../../src/gen/axiom/secrets/v1/secrets_pb');
    const { filled } = await import('../support/rooms');
    const call = { principal: { kind: 'sidecar', id: 'sidecar:x' }, door: 'execution', source: '' } as const;
    await expect(
      resolveForExecution(
        failing as never,
        call,
        filled(ResolveForExecutionRequestSchema, { executionToken }),
      ),
    ).rejects.toThrow('disk full');
  });

  it('asks for keysets anew after the KEK could not be reached', async () => {
    const { createOpeners } = await import('../../src/execution/openers');
    let reachable = false;
    const keyring = {
      ...rooms.execution.keyring,
      openTenant: async (...args: Parameters<typeof rooms.execution.keyring.openTenant>) => {
        if (!reachable) throw new Error('unreachable');
        return rooms.execution.keyring.openTenant(...args);
      },
    };
    const openers = createOpeners(keyring);
    const open = () => rooms.store.read((tx) => openers.openerOf(tx, acme));
    await expect(open()).rejects.toThrow('unreachable');
    reachable = true;
    await expect(open()).resolves.toBeDefined();
    await expect(
      rooms.store.read((tx) => openers.openerOf(tx, parseTenantId('nobody'))),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

it('What is read for an execution has its tenant’s turns', async () => {
  const { createOpeners } = await import('../../src/execution/openers');
  const { read } = rooms.store;
  const owners: unknown[] = [];
  const recording: typeof read = (body, waiter) => {
    owners.push(waiter?.owner);
    return read.call(rooms.store, body, waiter) as never;
  };
  Object.assign(rooms.execution, { store: { ...rooms.store, read: recording } });
  const { executionToken } = await rooms.start({});
  expect(owners).toEqual(['acme']);
  Object.assign(rooms.execution, { openers: createOpeners(rooms.execution.keyring) });
  await rooms.resolve(executionToken);
  expect(owners).toEqual(['acme', 'acme']);
  await rooms.reportReads({ executions: [{ executionToken, reads: [] }] });
  expect(owners).toEqual(['acme', 'acme', 'acme']);
  await rooms.store.write((tx) => tx.deleteBundle(acme, TENANT_SCOPE, 1));
  await rooms.resolve(executionToken);
  expect(new Set(owners)).toEqual(new Set(['acme']));
  expect(owners.length).toBeGreaterThan(3);
});

it.each([
  ['signal', (gone: LazyAbort) => ({ signal: gone.signal })],
  ['word', (gone: LazyAbort) => ({ throwIfAborted: () => gone.throwIfAborted() })],
])('Who waits on behalf of a tenant is gone when the caller’s %s says so', (_how, callerOf) => {
  const gone = new LazyAbort();
  const caller = callerOf(gone);
  const waiter = onBehalfOf(acme, { ...caller, deadline: Infinity });
  throwIfGone(waiter);
  expect(waiter).toMatchObject({ owner: 'acme', deadline: Infinity });
  gone.abort();
  expect(() => throwIfGone(waiter)).toThrow('nobody waits');
  expect(waiter.signal?.aborted).toBe('signal' in caller ? true : undefined);
});

describe('How long a token still lasts', () => {
  it('is said when it is issued, and by every resolution', async () => {
    const started = await rooms.start({});
    const lasts = Number(started.timeLeft?.seconds);
    expect(lasts * 1_000).toBe(Number(started.expireTime?.seconds) * 1_000 - rooms.time.now);
    rooms.time.now += 60_500;
    const { receipt } = await rooms.resolve(started.executionToken);
    expect(receipt?.timeLeft).toMatchObject({ seconds: BigInt(lasts - 61), nanos: 500_000_000 });
  });
});

describe('Reports of reads', () => {
  it('are taken for a moment after the end, and answered that the execution is over', async () => {
    const { executionToken } = await rooms.start({});
    await rooms.end(executionToken);
    const reads = [{ name: 'A', found: true, package: 'a/b', packageVersion: '1.0.0', node: 'N', count: 1 }];
    const report = () => rooms.reportReads({ executions: [{ executionToken, reads }] });
    expect((await report()).executions).toEqual([{ active: false, revokedNames: [] }]);
    expect((await rooms.usage.listSecretUsage(admin)).secrets).toMatchObject([{ name: 'A', readCount: 1n }]);
    rooms.time.now += 61_000;
    await report();
    expect((await rooms.usage.listSecretUsage(admin)).secrets).toMatchObject([{ name: 'A', readCount: 1n }]);
  });

  it('that a sidecar only counted are one row with their count', async () => {
    const { executionToken } = await rooms.start({});
    await rooms.reportReads({ executions: [{ executionToken, otherReads: 123_456n }] });
    const { events } = await rooms.audit.listAuditEvents(admin);
    expect(events?.filter((event) => event.action === 'secret.read')).toMatchObject([
      { resource: '(other reads)', count: 123_456 },
    ]);
  });

  it('of a token that is not ours lose nothing of the others', async () => {
    const { executionToken } = await rooms.start({});
    const { executions } = await rooms.reportReads({
      executions: [{ executionToken: 'forged' }, { executionToken }],
    });
    expect(executions.map((one) => one.active)).toEqual([false, true]);
  });

  it('are refused when they are too many, saying which', async () => {
    const { executionToken } = await rooms.start({});
    const reads = Array.from({ length: 1_001 }, () => ({ name: 'A', found: true, count: 1 }));
    await expect(rooms.reportReads({ executions: [{ executionToken, reads }] })).rejects.toMatchObject({
      fields: [{ field: 'executions[0].reads' }],
    });
    const many = Array.from({ length: 1_001 }, () => ({ executionToken }));
    await expect(rooms.reportReads({ executions: many })).rejects.toMatchObject({
      fields: [{ field: 'executions' }],
    });
  });

  it('never tell of the future, nor of labels that are none', async () => {
    const { executionToken } = await rooms.start({});
    const lastReadTime = { seconds: BigInt(rooms.time.now / 1_000 + 1_000), nanos: 0 };
    await rooms.reportReads({
      executions: [{ executionToken, reads: [{ name: 'A', found: true, node: 'a\nb', lastReadTime }] }],
    });
    const [usage] = (await rooms.usage.listSecretUsage(admin)).secrets ?? [];
    expect(usage).toMatchObject({
      lastReadNode: '',
      lastReadTime: { seconds: BigInt(rooms.time.now / 1_000) },
    });
  });
});

describe('What nothing needs any more goes', () => {
  it('takes a revoked value out of the bundles that running executions pin', async () => {
    await rooms.secrets.addSecret(admin, { name: 'B', content: { case: 'value', value: text('two') } });
    const { executionToken } = await rooms.start({});
    const before = await rooms.store.read((tx) => tx.getBundle(acme, TENANT_SCOPE, 2));
    await rooms.secrets.deleteSecret(admin, { name: 'A', revokeRunning: true });
    await sweep(rooms.execution);
    const after = await rooms.store.read((tx) => tx.getBundle(acme, TENANT_SCOPE, 2));
    expect(Buffer.from(after?.ciphertext ?? []).equals(Buffer.from(before?.ciphertext ?? []))).toBe(false);
    expect(await rooms.values(executionToken)).toEqual({ B: 'two' });
    expect((await rooms.resolve(executionToken)).receipt?.revokedNames).toEqual(['A']);
    await sweep(rooms.execution);
    const again = await rooms.store.read((tx) => tx.getBundle(acme, TENANT_SCOPE, 2));
    expect(Buffer.from(again?.ciphertext ?? []).equals(Buffer.from(after?.ciphertext ?? []))).toBe(true);
  });

  it('forgets executions a while after their end', async () => {
    const { executionToken, executionId } = await rooms.start({});
    await rooms.end(executionToken);
    const known = () => rooms.store.read((tx) => tx.getExecution(executionId as never));
    await sweep(rooms.execution);
    expect(await known()).toBeDefined();
    rooms.time.now += 120_000;
    await sweep(rooms.execution);
    expect(await known()).toBeUndefined();
  });
});

describe('Tenants', () => {
  it('are made by the operator, each id once', async () => {
    const { tenantsHandlers } = await import('../../src/execution/tenants');
    const { CreateTenantRequestSchema, ListTenantsRequestSchema } =
      await import('../../src/gen/axiom/access/v1/access_pb');
    const { filled } = await import('../support/rooms');
    const handlers = tenantsHandlers(rooms.execution);
    const call = {
      principal: { kind: 'operator', id: 'operator' },
      door: 'operator',
      source: '',
    } as const;
    const make = (tenantId: string) =>
      handlers.createTenant(call, filled(CreateTenantRequestSchema, { tenantId }));
    expect(await make('globex')).toMatchObject({
      tenant: { tenantId: 'globex', displayName: 'globex' },
      adminApiKey: expect.stringMatching(/^axk_/),
    });
    await expect(make('globex')).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    await expect(make('Globex')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    const { tenants } = await handlers.listTenants(call, filled(ListTenantsRequestSchema, {}));
    expect(tenants?.map((one) => one.tenantId)).toEqual(['acme', 'globex']);
  });
});
