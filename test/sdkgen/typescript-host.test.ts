/** The generated TypeScript node host, spoken to as a sidecar speaks to it. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { create, fromBinary, toJson } from '@bufbuild/protobuf';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { InvokePipelineRequestSchema, type InvokeResponse } from '../../src/gen/axiom/node/v1/node_pb';
import {
  allText,
  BuiltPackage,
  encoded,
  events,
  RunningHost,
  statusOf,
  type Context,
} from './typescript-host-client';

const CANARY = 'canary-7f3a-value';

let probe: BuiltPackage;
let host: RunningHost;

beforeAll(async () => {
  probe = await BuiltPackage.of(join(__dirname, '..', 'testdata', 'packages', 'typescript-probe'));
  host = await RunningHost.start(probe.model);
}, 300_000);

afterAll(async () => {
  await host.stop();
  probe.remove();
});

function message(name: string) {
  const found = probe.model.registry.getMessage(`test_org.probe.${name}`);
  if (!found) throw new Error(`no message ${name}`);
  return found;
}

function read(names: readonly string[], context: Context, waitMs = 0) {
  return events(host.invoke('ReadSecrets', encoded(message('ReadRequest'), { names, waitMs }), context));
}

/** The reads that the node saw, as `NAME=value found status`. */
async function reads(names: readonly string[], context: Context, waitMs = 0): Promise<string[]> {
  const output = outputs(await read(names, context, waitMs))[0] as { reads: Record<string, unknown>[] };
  return output.reads.map(
    (r) => `${r['name'] ?? ''}=${text(r['value'])} ${r['found'] ?? false} ${r['status']}`,
  );
}

/** A bytes field's JSON as text. */
function text(base64: unknown): string {
  return Buffer.from(String(base64 ?? ''), 'base64').toString();
}

function outputs(all: readonly InvokeResponse[], type = 'ReadReply'): unknown[] {
  return all.flatMap(({ event }) =>
    event.case === 'output' ? [toJson(message(type), fromBinary(message(type), event.value))] : [],
  );
}

function fail(how: string) {
  return events(
    host.invoke('Fail', encoded(message('FailRequest'), { how }), { secrets: { API_KEY: CANARY } }),
  );
}

describe('the host says what it serves', () => {
  it('describes the package, its nodes and their messages', async () => {
    const { $typeName: _, ...description } = await host.describe();
    expect(description).toMatchObject({
      package: 'test-org/probe',
      version: '1.2.3',
      language: 'typescript',
    });
    expect(description.nodes.map((n) => `${n.name} ${n.pipeline} ${n.inputType} ${n.outputType}`)).toContain(
      'EchoMany true test_org.probe.Tick test_org.probe.Tick',
    );
    expect(description.nodes).toHaveLength(8);
  });

  it('can be opened by nobody else: its socket has mode 0600', () => {
    expect((statSync(host.socket).mode & 0o777).toString(8)).toBe('600');
  });
});

describe('ax.secrets.get', () => {
  it('answers the value and true, or an empty value and false', async () => {
    expect(await reads(['API_KEY', 'MISSING', ''], { secrets: { API_KEY: 'k1' } })).toEqual([
      'API_KEY=k1 true available',
      'MISSING= false unset',
      '= false unset',
    ]);
  });

  it.each([
    ['a NUL', 'a\0b'],
    ['CRLF', 'a\r\nb'],
    ['a trailing newline', 'a\n'],
    ['a byte order mark', '\ufeffa'],
    ['four-byte UTF-8', '🔑𝄞'],
    ['right-to-left text', 'مفتاح‏'],
    ['64 KiB', 'é'.repeat(32 * 1024)],
  ])('hands out %s byte for byte', async (_what, value) => {
    expect(await reads(['API_KEY'], { secrets: { API_KEY: value } })).toEqual([
      `API_KEY=${value} true available`,
    ]);
  });

  it('takes 1,000 names, those of object members among them', async () => {
    const names = [...Array.from({ length: 997 }, (_, i) => `N${i}`), '__proto__', 'constructor', 'toString'];
    const secrets = new Map(names.map((name) => [name, `value of ${name}`]));
    const seen = await reads(names, { secrets });
    expect(seen).toEqual(names.map((name) => `${name}=value of ${name} true available`));
    expect(await reads(['__proto__', 'constructor'], {})).toEqual([
      '__proto__= false unset',
      'constructor= false unset',
    ]);
  });

  it('does not find a revoked name, and the status says why', async () => {
    expect(await reads(['API_KEY'], { revoked: ['API_KEY'] })).toEqual(['API_KEY= false revoked']);
  });

  it('gives every invocation its own tenant, secrets and ids, however many run at once', async () => {
    const tenants = Array.from({ length: 40 }, (_, i) => `tenant-${i}`);
    const seen = await Promise.all(
      tenants.map(async (tenant, i) =>
        outputs(
          await read(
            ['API_KEY', 'DB_URL'],
            { tenant, secrets: { API_KEY: `key-of-${tenant}` } },
            (i * 7) % 50,
          ),
        ),
      ),
    );
    expect(seen).toEqual(
      tenants.map((tenant) => [
        {
          executionId: `execution-of-${tenant}`,
          flowId: `flow-of-${tenant}`,
          tenantId: tenant,
          reads: [
            {
              name: 'API_KEY',
              value: Buffer.from(`key-of-${tenant}`).toString('base64'),
              found: true,
              status: 'available',
            },
            { name: 'DB_URL', status: 'unset' },
          ],
        },
      ]),
    );
  });

  it('tells the sidecar of each read as it happens: the name and whether it was found, never the value', async () => {
    const all = await read(['API_KEY', 'MISSING'], { secrets: { API_KEY: CANARY } });
    const told = all.flatMap(({ event }) =>
      event.case === 'secretRead' ? [`${event.value.name} ${event.value.found}`] : [],
    );
    expect(told).toEqual(['API_KEY true', 'MISSING false']);
    expect(allText(all.filter(({ event }) => event.case === 'secretRead'))).not.toContain(CANARY);
    expect(all.at(-1)?.event.case).toBe('output');
  });
});

describe('ax.log', () => {
  it('sends records with their level, message, attributes and time', async () => {
    const all = await events(host.invoke('Log', new Uint8Array()));
    const records = all.flatMap(({ event }) => (event.case === 'log' ? [event.value] : []));
    expect(records.map(({ level, message: text }) => `${level} ${text}`)).toEqual([
      '1 looking',
      '2 seen',
      '3 odd',
      '4 broken',
    ]);
    expect(records[1]?.attributes).toEqual({
      text: 'plain',
      count: '3',
      big: '12',
      list: '[1,2]',
      nothing: 'undefined',
      loop: '[object]',
    });
    expect(records[3]?.attributes).toEqual({ cause: 'TypeError: no' });
    expect(Math.abs(Number(records[0]?.time?.seconds) * 1000 - Date.now())).toBeLessThan(60_000);
  });

  it('prints [REDACTED] for the secrets of a context, however it is printed', async () => {
    const call = host.invoke('Log', new Uint8Array(), { secrets: { API_KEY: CANARY } });
    const [tick] = outputs(await events(call), 'Tick') as [{ text: string }];
    expect(tick.text).toContain('[REDACTED]');
    expect(tick.text).not.toContain(CANARY);
  });
});

describe("a handler's failure", () => {
  it('reaches the caller where it is the typed node error', async () => {
    const all = await fail('typed');
    expect(all.at(-1)?.event).toMatchObject({
      case: 'error',
      value: {
        typed: true,
        code: 'QUOTA_EXCEEDED',
        message: 'The plan allows 100 calls a day.',
        detail: 'resets at midnight',
      },
    });
  });

  it.each([
    ['an error whose text holds a secret', 'leak', 'Fail failed: BankRefused at nodes/fail.ts:13:13'],
    ['a thrown text', 'text', 'Fail failed: a thrown string'],
    ['no message for an answer', 'nothing', 'Fail failed: OutputError'],
  ])('is masked for %s, and the log has its class and place only', async (_what, how, logged) => {
    const all = await fail(how);
    expect(all.at(-1)?.event).toMatchObject({
      case: 'error',
      value: { typed: false, code: '', message: 'The node failed; its log has the reason.', detail: '' },
    });
    const records = all.flatMap(({ event }) => (event.case === 'log' ? [event.value.message] : []));
    expect(records).toEqual([logged]);
    expect(allText(all)).not.toContain(CANARY);
  });

  it('outside its call leaves other invocations alone and prints no value', async () => {
    expect((await fail('promise')).at(-1)?.event.case).toBe('output');
    await expect(reads(['API_KEY'], { secrets: { API_KEY: 'k1' } })).resolves.toEqual([
      'API_KEY=k1 true available',
    ]);
    expect(host.printed).toContain('a promise that nobody awaits failed: BankRefused < nodes/fail.ts:17:27');
    expect(host.printed).not.toContain(CANARY);
  });
});

describe('bad calls', () => {
  it('answers NOT_FOUND for a node that the package does not have, or has of the other kind', async () => {
    expect(await statusOf(events(host.invoke('Nope', new Uint8Array())))).toMatch(/^NOT_FOUND: /);
    expect(await statusOf(events(host.invoke('EchoMany', new Uint8Array())))).toMatch(/^NOT_FOUND: /);
    expect(await statusOf(events(host.pipeline('Fail')))).toMatch(/^NOT_FOUND: /);
  });

  it("answers INVALID_ARGUMENT for an input that is not the node's message", async () => {
    expect(await statusOf(events(host.invoke('Fail', Buffer.from([0xff, 0xff]))))).toBe(
      'INVALID_ARGUMENT: the input is no test_org.probe.FailRequest',
    );
    const call = host.pipeline('EchoMany');
    call.end(
      create(InvokePipelineRequestSchema, { message: { case: 'input', value: Buffer.from([0xff, 0xff]) } }),
    );
    expect(await statusOf(events(call))).toBe('INVALID_ARGUMENT: an input is no test_org.probe.Tick');
  });

  it('answers INVALID_ARGUMENT for a pipeline without a start, and for a second start', async () => {
    const withoutStart = host.rawPipeline();
    withoutStart.end();
    expect(await statusOf(events(withoutStart))).toMatch(/^INVALID_ARGUMENT: /);
    const twice = host.pipeline('EchoMany');
    twice.end(
      create(InvokePipelineRequestSchema, { message: { case: 'start', value: { node: 'EchoMany' } } }),
    );
    expect(await statusOf(events(twice))).toMatch(/^INVALID_ARGUMENT: /);
  });
});
