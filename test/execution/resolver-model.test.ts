/** The resolver against a small model: whatever is done in whatever order, an execution sees exactly what it pinned. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sweep } from '../../src/execution/janitor';
import { startExecution } from '../../src/execution/start';
import { StartExecutionRequestSchema } from '../../src/gen/axiom/executions/v1/executions_pb';
import type { ReadTx } from '../../src/store/store';
import { ENGINE, filled, member, openRooms, text, type Rooms } from '../support/rooms';

let rooms: Rooms;
let tenants = 0;

beforeAll(async () => {
  rooms = await openRooms();
});

afterAll(() => rooms.close());

/** Names that JavaScript objects have by nature are names like any other. */
const NAMES = ['A', 'constructor', 'toString'] as const;
const name = fc.constantFrom(...NAMES);
const value = fc.string({ minLength: 1, maxLength: 40, unit: 'binary' });
const config = fc.constantFrom('eu', 'us', undefined);

type Step =
  | { readonly do: 'put'; readonly name: string; readonly value: string; readonly revoke: boolean }
  | { readonly do: 'delete'; readonly name: string; readonly revoke: boolean }
  | { readonly do: 'override'; readonly config: 'eu' | 'us'; readonly name: string; readonly value: string }
  | { readonly do: 'bare'; readonly config: 'eu' | 'us'; readonly name: string; readonly revoke: boolean }
  | { readonly do: 'start'; readonly config: 'eu' | 'us' | undefined; readonly meanwhile: readonly Step[] }
  | { readonly do: 'end' | 'resolve'; readonly index: number }
  | { readonly do: 'sweep' | 'drop bundles' };

/** What changes secrets: it may come while an execution is being started, too. */
const change: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('put' as const), name, value, revoke: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), name, revoke: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('override' as const),
      config: fc.constantFrom('eu' as const, 'us' as const),
      name,
      value,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('bare' as const),
      config: fc.constantFrom('eu' as const, 'us' as const),
      name,
      revoke: fc.boolean(),
    }),
  },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 9, arbitrary: change },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('start' as const),
      config,
      meanwhile: fc.array(change, { maxLength: 3 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('end' as const, 'resolve' as const), index: fc.nat(9) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('sweep' as const, 'drop bundles' as const) }) },
);

type Values = Record<string, string>;

/** What a model remembers of an execution: by name its value and which scope gave it, and what was revoked. */
interface Pinned {
  token: string;
  readonly config: string | undefined;
  readonly tenant: Values;
  readonly overrides: Values;
  readonly revoked: Set<string>;
  ended: boolean;
}

class Model {
  readonly tenant: Values = {};
  readonly overrides: Record<string, Values> = { eu: {}, us: {} };
  readonly executions: Pinned[] = [];

  expected(execution: Pinned): Values {
    const seen = { ...execution.tenant, ...execution.overrides };
    return Object.fromEntries(Object.entries(seen).filter(([key]) => !execution.revoked.has(key)));
  }

  revokeTenant(key: string): void {
    for (const one of this.executions)
      if (Object.hasOwn(one.tenant, key) && !Object.hasOwn(one.overrides, key)) one.revoked.add(key);
  }

  revokeOverride(configName: string, key: string): void {
    for (const one of this.executions)
      if (one.config === configName && Object.hasOwn(one.overrides, key)) one.revoked.add(key);
  }
}

describe('StartExecution pins one revision, and every sidecar of that execution gets exactly that', () => {
  it('whatever is added, replaced, deleted, overridden, revoked, swept or dropped meanwhile, also while it is being started', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const run = await newRun();
        for (const one of steps) await run(one);
      }),
      { numRuns: 60 },
    );
  });
});

async function newRun() {
  const tenantId = `t${++tenants}`;
  await rooms.addTenant(tenantId);
  const call = member(tenantId);
  const model = new Model();
  const ids: Record<string, string> = {};
  for (const profileName of ['eu', 'us']) {
    const { flowConfig } = await rooms.configs.createFlowConfig(call, { flowId: 'flow', profileName });
    ids[profileName] = flowConfig?.configId ?? '';
  }
  const check = async (execution: Pinned) => {
    if (execution.ended) {
      await expect(rooms.values(execution.token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
      return;
    }
    const answer = await rooms.resolve(execution.token);
    const values = Object.fromEntries(
      Object.entries(answer.secrets).map(([key, one]) => [key, Buffer.from(one.value).toString()]),
    );
    expect(values).toEqual(model.expected(execution));
    expect(answer.receipt?.revokedNames).toEqual([...execution.revoked].sort());
  };
  const run = async (one: Step): Promise<void> => {
    switch (one.do) {
      case 'put': {
        const exists = Object.hasOwn(model.tenant, one.name);
        const content = { case: 'value' as const, value: text(one.value) };
        const request = { name: one.name, content };
        if (exists) await rooms.secrets.replaceSecret(call, { ...request, revokeRunning: one.revoke });
        else await rooms.secrets.addSecret(call, request);
        if (exists && one.revoke) model.revokeTenant(one.name);
        model.tenant[one.name] = asStored(one.value);
        return;
      }
      case 'delete': {
        const deleting = rooms.secrets.deleteSecret(call, { name: one.name, revokeRunning: one.revoke });
        if (!Object.hasOwn(model.tenant, one.name))
          return void (await expect(deleting).rejects.toMatchObject({ code: 'NOT_FOUND' }));
        await deleting;
        if (one.revoke) model.revokeTenant(one.name);
        delete model.tenant[one.name];
        return;
      }
      case 'override':
        await rooms.configs.setSecretOverride(call, {
          configId: ids[one.config] ?? '',
          name: one.name,
          content: { case: 'value', value: text(one.value) },
        });
        (model.overrides[one.config] ??= {})[one.name] = asStored(one.value);
        return;
      case 'bare': {
        const request = { configId: ids[one.config] ?? '', name: one.name, revokeRunning: one.revoke };
        const deleting = rooms.configs.deleteSecretOverride(call, request);
        if (!Object.hasOwn(model.overrides[one.config] ?? {}, one.name))
          return void (await expect(deleting).rejects.toMatchObject({ code: 'NOT_FOUND' }));
        await deleting;
        if (one.revoke) model.revokeOverride(one.config, one.name);
        delete model.overrides[one.config]?.[one.name];
        return;
      }
      case 'start': {
        const chosen =
          one.config === undefined ? {} : { config: { case: 'profileName', value: one.config } as const };
        const pinned = {
          token: '',
          config: one.config,
          tenant: { ...model.tenant },
          overrides: one.config === undefined ? {} : { ...model.overrides[one.config] },
          revoked: new Set<string>(),
          ended: false,
        };
        const meanwhile = async () => {
          model.executions.push(pinned);
          for (const each of one.meanwhile) await run(each);
        };
        pinned.token = (await startWith(meanwhile, { tenantId, ...chosen })).executionToken;
        return;
      }
      case 'sweep':
        return sweep(rooms.execution);
      case 'drop bundles':
        return dropUnneededBundle(tenantId, model);
      default: {
        const execution = model.executions[one.index % Math.max(1, model.executions.length)];
        if (execution === undefined) return;
        if (one.do === 'end' && !execution.ended) {
          await rooms.end(execution.token);
          execution.ended = true;
        }
        return check(execution);
      }
    }
  };
  return run;
}

/** Starts an execution; `happen` comes after its snapshot and before its pin, or after the start where they are one write. */
async function startWith(
  happen: () => Promise<void>,
  request: Parameters<Rooms['start']>[0],
): ReturnType<typeof startExecution> {
  const { store } = rooms;
  let happened = false;
  const execution = {
    ...rooms.execution,
    store: {
      ...store,
      async read<T>(body: (tx: ReadTx) => Promise<T>) {
        const snapshot = await store.read(body);
        happened = true;
        await happen();
        return snapshot;
      },
    },
  };
  const started = await startExecution(
    execution,
    ENGINE,
    filled(StartExecutionRequestSchema, { flowId: 'flow', ...request }),
  );
  if (!happened) await happen();
  return started;
}

/** Derived data may go whenever no execution pins it: it is made again from the rows. */
async function dropUnneededBundle(tenantId: string, model: Model): Promise<void> {
  if (model.executions.some((execution) => !execution.ended)) return;
  await rooms.store.write(async (tx) => {
    const bundle = await tx.getBundle(tenantId as never, { kind: 'tenant' });
    if (bundle !== undefined) await tx.deleteBundle(tenantId as never, { kind: 'tenant' }, bundle.revision);
  });
}

/** Lone surrogates have no UTF-8 form: encoding replaces them before anything is sent. */
function asStored(value: string): string {
  return Buffer.from(value, 'utf8').toString('utf8');
}
