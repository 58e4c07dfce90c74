/**
 * What a node host does at its socket, alike in all six languages: one list, which the conformance suite goes through
 * with the conformance package of each language.
 */

import { expect } from '@jest/globals';
import { status } from '@grpc/grpc-js';
import { existsSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import {
  answerOf,
  NodeClient,
  statusOf,
  type Answer,
  type Execution,
  type NodeCall,
  type NodeEvent,
} from '../support/node-client';
import type { Language } from '../../src/manifest/manifest';
import { residentMiB } from '../hostile/resident-memory';
import type { ConformancePackage, Counts, ProbeInput } from './conformance-package';
import type { Ended } from './host-socket';
import type { NodeUnderTest } from './platform';

const VALUE = 'sk-cAnArY\r\n🔑\u0000end';
const MASKED = { typed: false, code: '', message: 'The node failed; its log has the reason.', detail: '' };
const ERROR_LEVEL = 4;

/** One host, spoken to as its sidecar does. */
export class HostAtItsSocket {
  readonly client: NodeClient;

  constructor(
    readonly pkg: ConformancePackage,
    readonly node: NodeUnderTest,
  ) {
    this.client = new NodeClient(node.socketPath);
  }

  call(node: string, input: ProbeInput = {}, execution: Execution = WITH_KEY, deadlineMs?: number) {
    return this.client.invoke(node, this.pkg.encode(input), execution, deadlineMs);
  }

  answer(node: string, input: ProbeInput = {}, execution: Execution = WITH_KEY): Promise<Answer> {
    return answerOf(this.call(node, input, execution));
  }

  async readings(node: string, names: readonly string[], execution: Execution = WITH_KEY) {
    const { outputs } = await this.answer(node, { names }, execution);
    return this.pkg
      .decode(outputs[0] ?? new Uint8Array())
      .readings.map(({ name, found, value, status: is }) => ({
        ...{ name, found, status: is, value: Buffer.from(value).toString() },
      }));
  }

  async counts(): Promise<Counts> {
    const { outputs } = await this.answer('Count');
    return this.pkg.decodeCounts(outputs[0] ?? new Uint8Array());
  }
}

const executionOf = (
  values: Readonly<Record<string, string>>,
  revoked: readonly string[] = [],
): Execution => ({
  ...{ executionId: 'e', flowId: 'f', tenantId: 't', revokedSecretNames: [...revoked] },
  secrets: Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, new TextEncoder().encode(value)]),
  ),
});

const WITH_KEY = executionOf({ API_KEY: VALUE });

/** Reads a call of Hang until its handler waits; what follows is the iterator's. */
async function untilItHangs(call: AsyncIterable<NodeEvent>): Promise<AsyncIterable<NodeEvent>> {
  const events = call[Symbol.asyncIterator]();
  expect((await events.next()).value).toMatchObject({ case: 'log', value: { message: 'hanging' } });
  return { [Symbol.asyncIterator]: () => events };
}

async function untilStopped(host: HostAtItsSocket, count: number): Promise<void> {
  while ((await host.counts()).stopped < count) await sleep(20);
}

export interface Behaviour {
  readonly name: string;
  /** Those that it is looked at in, where it is not all: the others' cells stay empty. */
  readonly languages?: readonly Language[];
  readonly shows: (host: HostAtItsSocket) => Promise<void>;
}

const describes: Behaviour = {
  name: 'host: it describes its package on a socket that only its user can open',
  async shows({ client, node }) {
    const described = await client.describe();
    expect(described).toMatchObject({ package: 'axiom/conformance', version: '1.0.0' });
    const types = { inputType: 'axiom.conformance.ProbeRequest', outputType: 'axiom.conformance.ProbeReply' };
    expect(described.nodes).toMatchObject([
      { name: 'Probe', pipeline: false, ...types },
      { name: 'ProbeEach', pipeline: true, ...types },
      { name: 'Hang', pipeline: false, ...types },
      { name: 'Fail', pipeline: false, ...types },
      { name: 'Keep', pipeline: false, ...types },
      { name: 'Log', pipeline: false, ...types },
      { name: 'Emit', pipeline: true, ...types },
      { name: 'Count', pipeline: false, ...types, outputType: 'axiom.conformance.Counts' },
    ]);
    expect(statSync(node.socketPath).mode & 0o777).toBe(0o600);
  },
};

const reads: Behaviour = {
  name: 'host: a read gives the value byte for byte, and is told before the output, without the value',
  async shows(host) {
    expect(
      await host.readings('Probe', ['API_KEY', 'OTHER', 'GONE'], executionOf({ API_KEY: VALUE }, ['GONE'])),
    ).toEqual([
      { name: 'API_KEY', found: true, status: 'available', value: VALUE },
      { name: 'OTHER', found: false, status: 'unset', value: '' },
      { name: 'GONE', found: false, status: 'revoked', value: '' },
    ]);
    const answer = await host.answer('Probe', { names: ['API_KEY', 'OTHER'] });
    expect(answer.reads).toEqual([
      ['API_KEY', true],
      ['OTHER', false],
    ]);
    expect(answer.order).toEqual(['secretRead', 'secretRead', 'output']);
    expect(inspect(answer.reads)).not.toContain('cAnArY');
  },
};

const longNames: Behaviour = {
  name: 'host: of a name that is longer than any, no more than 129 characters are told',
  async shows(host) {
    const { reads: told } = await host.answer('Probe', { names: ['N'.repeat(100_000)] });
    expect(told).toEqual([['N'.repeat(129), false]]);
  },
};

const logs: Behaviour = {
  name: 'host: log records come as they are written, with their level and attributes',
  async shows(host) {
    const { logs: records, order } = await host.answer('Log');
    expect(records).toEqual([
      { level: 1, message: 'one', attributes: {} },
      { level: 2, message: 'two', attributes: { of: 'four' } },
      { level: 3, message: 'three', attributes: { empty: '' } },
      { level: ERROR_LEVEL, message: '', attributes: {} },
    ]);
    expect(order).toEqual(['log', 'log', 'log', 'log', 'output']);
  },
};

const typedErrors: Behaviour = {
  name: 'host: a typed error is the last event, as the handler wrote it',
  async shows(host) {
    const { errors, order } = await host.answer('Fail', { names: ['typed'] });
    const message = `no more calls with ${VALUE}`;
    expect(errors).toEqual([{ typed: true, code: 'QUOTA_EXCEEDED', message, detail: 'resets at midnight' }]);
    expect(order).toEqual(['secretRead', 'error']);
  },
};

const otherErrors: Behaviour = {
  name: 'host: any other failure is one sentence, and the log has no word of its text',
  async shows(host) {
    const answer = await host.answer('Fail', { names: ['untyped'] });
    expect(answer.errors).toEqual([MASKED]);
    expect(answer.logs).toMatchObject([{ level: ERROR_LEVEL }]);
    expect(answer.order).toEqual(['secretRead', 'log', 'error']);
    expect(inspect(answer, { depth: null })).not.toMatch(/cAnArY|example\.com/);
  },
};

const refusedChanges: Behaviour = {
  name: 'host: a change of the flow is refused in words that the caller reads',
  async shows(host) {
    const { errors } = await host.answer('Fail', { names: ['flow'] });
    const message = expect.stringMatching(/flow/);
    expect(errors).toEqual([{ typed: true, code: 'MUTATION_UNAVAILABLE', message, detail: '' }]);
  },
};

const refusals: Behaviour = {
  name: 'host: nodes that it does not have and inputs that are no message are refused',
  async shows({ client, pkg }) {
    const noMessage = new Uint8Array([0xff]);
    const invoke = (node: string, input = new Uint8Array()) => statusOf(client.invoke(node, input));
    expect(await invoke('Nobody')).toBe(status.NOT_FOUND);
    expect(await invoke('ProbeEach')).toBe(status.NOT_FOUND);
    expect(await invoke('Probe', noMessage)).toBe(status.INVALID_ARGUMENT);
    const pipeline = (node: string, ...inputs: readonly Uint8Array[]) => {
      const call = client.pipeline(node);
      for (const input of inputs) call.send(input);
      call.endInputs();
      return statusOf(call);
    };
    expect(await pipeline('Nobody')).toBe(status.NOT_FOUND);
    expect(await pipeline('Probe')).toBe(status.NOT_FOUND);
    expect(await pipeline('ProbeEach', pkg.encode({}), noMessage)).toBe(status.INVALID_ARGUMENT);
  },
};

const cancellation: Behaviour = {
  name: 'host: a handler is told when its caller goes and when its time is over',
  async shows(host) {
    const { stopped } = await host.counts();
    const call = host.call('Hang', { waitMs: 3_600_000 });
    const cancelled = await untilItHangs(call);
    call.cancel();
    expect(await statusOf(cancelled)).toBe(status.CANCELLED);
    await untilStopped(host, stopped + 1);
    const late = await untilItHangs(host.call('Hang', { waitMs: 3_600_000 }, WITH_KEY, 3_000));
    // The host's clock may be the first of the two: its end of the call is a cancelled one.
    expect([status.DEADLINE_EXCEEDED, status.CANCELLED]).toContain(await statusOf(late));
    await untilStopped(host, stopped + 2);
  },
};

/** 64 KiB each: together more than HTTP/2 and a host's own window hold. */
const MANY = 1_000;

const backpressure: Behaviour = {
  name: 'host: a pipeline waits for a caller that does not read, and loses nothing',
  async shows(host) {
    const { emitted: before } = await host.counts();
    const call = host.client.pipeline('Emit');
    call.send(host.pkg.encode({ count: MANY }));
    call.endInputs();
    const events = call[Symbol.asyncIterator]();
    const first = await events.next();
    let emitted = 0;
    for (let same = 0; same < 10;) {
      await sleep(50);
      const now = (await host.counts()).emitted - before;
      same = now === emitted ? same + 1 : 0;
      emitted = now;
    }
    expect(emitted).toBeLessThan(MANY / 2);
    const numbers: string[] = [];
    for (let { value, done } = first; done !== true; { value, done } = await events.next())
      if (value?.case === 'output') numbers.push(host.pkg.decode(value.value).executionId);
    expect(numbers).toEqual(Array.from({ length: MANY }, (_, number) => String(number)));
  },
};

const MIB = 1024 * 1024;

/** The status of a message that is too long: tonic has another one for it. */
const tooLong = (language: Language): Ended =>
  `status ${language === 'rust' ? status.OUT_OF_RANGE : status.RESOURCE_EXHAUSTED}`;

const longest: Behaviour = {
  name: 'host: the longest input is taken with two full scopes of secrets, and nothing much longer',
  async shows({ client, pkg, node }) {
    const secrets = Array.from({ length: 32 }, (_, index) => [`V_${index}`, 'v'.repeat(65_536)] as const);
    const longestInput = pkg.encode({ names: ['n'.repeat(64 * MIB - 64)] });
    const call = client.invoke('Count', longestInput, executionOf(Object.fromEntries(secrets)));
    expect((await answerOf(call)).order).toEqual(['output']);
    const socket = node.hostSocket();
    expect(await socket.waitsForMessageOf(60 * MIB)).toBe(true);
    expect(await socket.endsMessageOf(72 * MIB)).toBe(tooLong(pkg.language));
    socket.close();
  },
};

/**
 * What a host grows by for each byte of an input whose handler runs: the message, and what its library keeps. Go's, Java's
 * and C#'s keep garbage for as long as they like, so that their size says nothing of what they hold.
 */
const HELD_FOR_EACH = new Map<Language, number>([
  ['rust', 1.7],
  ['python', 2.4],
  ['typescript', 2.8],
]);

const heldOnce: Behaviour = {
  name: 'host: of an input whose handler runs it keeps the message, and not the bytes that it came in',
  languages: [...HELD_FOR_EACH.keys()],
  async shows(host) {
    const [calls, bytes] = [8, 20 * MIB];
    const most = (HELD_FOR_EACH.get(host.pkg.language) ?? NaN) * ((calls * bytes) / MIB);
    const before = residentMiB(host.node.hostPid);
    const input = { waitMs: 3_600_000, names: ['n'.repeat(bytes)] };
    const hanging: NodeCall[] = [];
    // One after the other: what several bring at the same time is more for a moment.
    for (let call = 0; call < calls; call++) {
      const next = host.call('Hang', input);
      hanging.push(next);
      await untilItHangs(next);
    }
    const grown = (): number => residentMiB(host.node.hostPid) - before;
    for (let tries = 0; tries < 100 && grown() > most; tries++) await sleep(50);
    expect(grown()).toBeLessThan(most);
    const { stopped } = await host.counts();
    for (const call of hanging) call.cancel();
    await untilStopped(host, stopped + calls);
    // The others have a heap that is theirs until it is wanted elsewhere.
    if (host.pkg.language !== 'rust') return;
    for (let tries = 0; tries < 100 && grown() > 3 * 20; tries++) await sleep(50);
    expect(grown()).toBeLessThan(3 * 20);
  },
};

const fewAhead: Behaviour = {
  name: 'host: of inputs longer than a window that a pipeline does not read it takes two at most, however many are sent',
  async shows(host) {
    const call = host.client.pipeline('Emit');
    call.send(host.pkg.encode({ count: MANY }));
    await call[Symbol.asyncIterator]().next();
    let taken = 0;
    const input = host.pkg.encode({ names: ['n'.repeat(2 * MIB)] });
    for (let sent = 0; sent < 20; sent++) call.send(input, () => taken++);
    // Not merely too busy to take them: on the same connection it takes much more of another call meanwhile, and answers.
    await host.answer('Count', { names: ['n'.repeat(32 * MIB)] });
    for (let same = 0, last = taken; same < 10; last = taken) {
      await host.counts();
      await sleep(50);
      same = taken === last ? same + 1 : 0;
    }
    expect(taken).toBeLessThanOrEqual(2);
    call.cancel();
  },
};

const unreadInputs: Behaviour = {
  name: 'host: inputs that a pipeline does not read keep no other call from being sent',
  async shows(host) {
    const calls = Array.from({ length: 4 }, () => host.client.pipeline('Emit'));
    for (const call of calls) {
      call.send(host.pkg.encode({ count: MANY }));
      // The first output is there: the handler goes on to where nobody reads, and takes none of these.
      await call[Symbol.asyncIterator]().next();
      for (let input = 0; input < 16; input++)
        call.send(host.pkg.encode({ names: ['n'.repeat(256 * 1024)] }));
    }
    const name = 'x'.repeat(256 * 1024);
    expect(await host.readings('Probe', [name])).toMatchObject([{ found: false }]);
    for (const call of calls) call.cancel();
  },
};

const bothWays: Behaviour = {
  name: 'host: a pipeline answers an input before it has the next one',
  async shows({ client, pkg }) {
    const call = client.pipeline('ProbeEach', WITH_KEY);
    const events = call[Symbol.asyncIterator]();
    for (const name of ['API_KEY', 'OTHER']) {
      call.send(pkg.encode({ names: [name] }));
      const found = name === 'API_KEY';
      expect((await events.next()).value).toMatchObject({ case: 'secretRead', value: { name, found } });
      expect((await events.next()).value).toMatchObject({ case: 'output' });
    }
    call.endInputs();
    expect((await events.next()).done).toBe(true);
  },
};

const concurrency: Behaviour = {
  name: 'host: a hundred invocations at the same time each have their own secrets',
  async shows(host) {
    const values = Array.from({ length: 100 }, (_, number) => `value-of-${number}`);
    const seen = await Promise.all(
      values.map(async (value) => host.readings('Probe', ['API_KEY'], executionOf({ API_KEY: value }))),
    );
    expect(seen.map(([reading]) => reading?.value)).toEqual(values);
  },
};

const forgetting: Behaviour = {
  name: 'host: a context that a handler has kept reads nothing once its invocation has ended',
  async shows(host) {
    const execution = executionOf({ API_KEY: VALUE }, ['GONE']);
    await host.answer('Keep', {}, execution);
    expect(await host.readings('Keep', ['API_KEY', 'GONE'], execution)).toEqual([
      { name: 'API_KEY', found: false, status: 'unset', value: '' },
      { name: 'GONE', found: false, status: 'unset', value: '' },
    ]);
  },
};

const restart: Behaviour = {
  name: 'host: SIGTERM lets a call finish, and the next host takes its place',
  async shows(host) {
    const call = await untilItHangs(host.call('Hang', { waitMs: 1_000 }));
    const ended = host.node.stopHost();
    expect((await answerOf(call)).order).toEqual(['output']);
    expect([await ended, existsSync(host.node.socketPath)]).toEqual([0, false]);
    const found = host.node.timesFound;
    await host.node.startHost();
    while (host.node.timesFound === found) await sleep(20);
    expect(await host.readings('Probe', ['API_KEY'])).toMatchObject([{ found: true, value: VALUE }]);
  },
};

/** In this order; the last starts the host anew. */
export const HOST_BEHAVIOURS: readonly Behaviour[] = [
  describes,
  reads,
  longNames,
  logs,
  typedErrors,
  otherErrors,
  refusedChanges,
  refusals,
  cancellation,
  backpressure,
  longest,
  heldOnce,
  fewAhead,
  unreadInputs,
  bothWays,
  concurrency,
  forgetting,
  restart,
];
