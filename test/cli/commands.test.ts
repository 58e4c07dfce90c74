/** Commands that look after a service and its credentials: set, check, drain, roll, status, doctor, audit. */

import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { webcrypto } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as x509 from '@peculiar/x509';
import { oneCredential } from '../../src/cli/api-key-source';
import { ExecutionsService } from '../../src/gen/axiom/executions/v1/executions_pb';
import { dataDirAt } from '../../src/server/data-dir';
import { openChannel, wireClient, type WireClient } from '../../src/wire/client';
import { AXIOM_MAIN, startServeProcess, type ServeProcess } from '../support/serve-process';
import { ROOT, Shell } from './axiom';

let serve: ServeProcess;
let shell: Shell;
const axiom = (args: string[], input = '', env: NodeJS.ProcessEnv = {}) => shell.run(args, { input, env });
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

beforeAll(async () => {
  serve = await startServeProcess();
  shell = new Shell({ AXIOM_DATA_DIR: serve.info.dataDir });
});

afterAll(async () => {
  shell.remove();
  await serve.stop();
});

/** As an engine does: one execution that holds what stands now, until `end`. */
async function startExecution(at = serve, profileName?: string): Promise<{ end(): Promise<void> }> {
  const { executionToken } = await asEngine(at, (client) =>
    client.startExecution({
      ...{ tenantId: 'default', flowId: 'checkout' },
      ...(profileName !== undefined && { config: { case: 'profileName', value: profileName } }),
    }),
  );
  return { end: async () => void (await asEngine(at, (client) => client.endExecution({ executionToken }))) };
}

async function asEngine<T>(
  at: ServeProcess,
  body: (client: WireClient<typeof ExecutionsService>) => Promise<T>,
): Promise<T> {
  const dir = dataDirAt(at.info.dataDir);
  const pair = dir.workloads.pair('engine');
  const [ca, cert, key] = [dir.caCertificate, pair.certificate, pair.key].map((path) => readFileSync(path));
  const tls = { ca: ca as Buffer, cert: cert as Buffer, key: key as Buffer };
  const channel = openChannel({ address: at.info.execution.address, tls });
  try {
    return await body(wireClient(ExecutionsService, channel));
  } finally {
    channel.close();
  }
}

describe('secrets set', () => {
  it('adds or replaces, and says which', async () => {
    expect((await axiom(['secrets', 'set', 'SET'], 'one')).stdout).toMatch(/^added SET: /);
    expect((await axiom(['secrets', 'set', 'SET'], 'two')).stdout).toMatch(/^replaced SET: /);
    const { json } = await axiom(['secrets', 'set', 'SET', '--json'], 'three');
    expect(json).toMatchObject({ outcome: 'replaced', receipt: { name: 'SET' } });
    expect((await axiom(['secrets', 'set', 'not a name'], 'x')).code).toBe(7);
  });
});

describe('secrets check', () => {
  it('says what the package of a folder declares and the tenant lacks, and ends with 3 then', async () => {
    const folder = join(ROOT, 'examples', 'greeter-python');
    const lacking = await axiom(['secrets', 'check', folder]);
    expect([lacking.code, lacking.stdout]).toEqual([
      3,
      'NAME               YOUR TENANT\nGREETER_SIGNATURE  lacks it\n',
    ]);
    expect(lacking.stderr).toBe('add it with `axiom secrets add GREETER_SIGNATURE`\n');
    await axiom(['secrets', 'add', 'GREETER_SIGNATURE'], 'x');
    const having = await axiom(['secrets', 'check', folder, '--json']);
    expect([having.code, having.json]).toEqual([
      0,
      expect.objectContaining({ secrets: [{ name: 'GREETER_SIGNATURE', registered: true }], missing: [] }),
    ]);
  });

  it('knows published packages by their name', async () => {
    await axiom(['push', join(ROOT, 'examples', 'greeter-python')]);
    const name = /^name: (.+)$/m.exec(
      readFileSync(join(ROOT, 'examples', 'greeter-python', 'axiom.yaml'), 'utf8'),
    )?.[1];
    const { code, json } = await axiom(['secrets', 'check', String(name), '--json']);
    expect([code, json.secrets]).toEqual([0, [{ name: 'GREETER_SIGNATURE', registered: true }]]);
    expect((await axiom(['secrets', 'check', 'nobody/nothing'])).code).toBe(3);
  });
});

describe('secrets drain', () => {
  it('waits until no running execution holds an older value, and tells how many do', async () => {
    await axiom(['secrets', 'add', 'DRAINED'], 'old');
    const execution = await startExecution();
    await axiom(['secrets', 'replace', 'DRAINED'], 'new');
    const asked = await axiom(['secrets', 'drain', 'DRAINED', '--timeout', '0']);
    expect([asked.code, asked.stderr]).toEqual([
      6,
      expect.stringMatching(/^error: 1 execution that runs holds an older value of DRAINED; wait longer/),
    ]);
    const waiting = axiom(['secrets', 'drain', 'DRAINED', '--timeout', '60']);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await execution.end();
    const drained = await waiting;
    expect([drained.code, drained.stdout]).toEqual([
      0,
      'no running execution holds an older value of DRAINED\n',
    ]);
  });

  it('does not count executions that hold the value that stands', async () => {
    const execution = await startExecution();
    const { code, json } = await axiom(['secrets', 'drain', 'DRAINED', '--timeout', '0', '--json']);
    expect([code, json]).toEqual([0, { name: 'DRAINED', olderExecutionCount: 0 }]);
    await execution.end();
    expect((await axiom(['secrets', 'drain', 'NOT_THERE', '--timeout', '0'])).code).toBe(3);
  });

  it('with --config looks at the value that the config has of its own, and at its executions only', async () => {
    await axiom(['configs', 'create', 'checkout', 'drained']);
    const { flowConfig } = (await axiom(['configs', 'show', 'checkout/drained', '--json'])).json as {
      flowConfig: { configId: string };
    };
    const override = (value: string) => axiom(['configs', 'override', 'checkout/drained', 'DRAINED'], value);
    const drain = async (config: string) => {
      const { code, stderr, json } = await axiom([
        ...['secrets', 'drain', 'DRAINED', '--config', config, '--timeout', '0', '--json'],
      ]);
      return [code, stderr === '' ? json : (JSON.parse(stderr) as { error: object }).error];
    };
    const none = [0, { name: 'DRAINED', olderExecutionCount: 0 }];
    await override('old');
    const other = await startExecution();
    const ofConfig = await startExecution(serve, 'drained');
    expect(await drain('checkout/drained')).toEqual(none);
    await override('new');
    expect(await drain(flowConfig.configId)).toEqual([
      6,
      expect.objectContaining({
        message: expect.stringMatching(
          /^1 execution that runs holds an older value of DRAINED in [^;]+; wait/,
        ),
      }),
    ]);
    await ofConfig.end();
    expect(await drain('checkout/drained')).toEqual(none);
    await other.end();
    await axiom(['configs', 'remove-override', 'checkout/drained', 'DRAINED']);
    const gone = [3, expect.objectContaining({ code: 'NOT_FOUND' })];
    expect(await drain('checkout/drained')).toEqual(gone);
    expect(await drain('checkout/not-there')).toEqual(gone);
  });
});

describe('API keys', () => {
  it('are revoked by name, and rolled with an overlap', async () => {
    const first = (await axiom(['api-keys', 'create', 'bot', '--role', 'editor'])).stdout.trim();
    const second = (await axiom(['api-keys', 'roll', 'bot'])).stdout.trim();
    const who = async (key: string) => {
      const { code, stdout } = await axiom(['whoami'], '', { AXIOM_API_KEY: key });
      return [code, /, (\w+) of tenant/.exec(stdout)?.[1]];
    };
    expect(await who(first)).toEqual([0, 'editor']);
    expect(await who(second)).toEqual([0, 'editor']);
    const several = await axiom(['api-keys', 'revoke', 'bot']);
    expect([several.code, several.stderr]).toEqual([2, expect.stringContaining('2 keys are named bot')]);
    await axiom(['api-keys', 'roll', 'bot', '--revoke-old']);
    expect([await who(first), await who(second)]).toEqual([
      [5, undefined],
      [0, 'editor'],
    ]);
    expect((await axiom(['api-keys', 'rm', 'bot'])).stdout).toBe('revoked bot\n');
    expect(await who(second)).toEqual([5, undefined]);
    expect((await axiom(['api-keys', 'revoke', 'bot'])).code).toBe(3);
  });
});

describe('The API key', () => {
  it('comes from stdin with --api-key-file -, and then no value does', async () => {
    const key = readFileSync(serve.info.adminApiKeyFile, 'utf8');
    expect((await axiom(['whoami', '--api-key-file', '-'], key)).stdout).toMatch(/admin of tenant default$/m);
    const both = await axiom(['secrets', 'add', 'BOTH', '--api-key-file', '-'], 'value or key');
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('stdin holds one thing')]);
    expect((await axiom(['secrets', 'list'])).stdout).not.toContain('BOTH');
  });

  it('in AXIOM_API_KEY is never shown, and not handed to what a command starts', async () => {
    const key = `axk_${'7'.repeat(64)}`;
    const refused = await axiom(['whoami', '--json'], '', { AXIOM_API_KEY: key });
    expect(refused.code).toBe(5);
    expect(refused.stdout + refused.stderr).not.toContain('7777');
    const help = await axiom(['whoami', '--help'], '', { AXIOM_API_KEY: key });
    expect(help.stdout).toContain('AXIOM_API_KEY');
    expect(help.stdout).not.toContain('7777');
  });

  it('that is none is refused and not shown, wherever it comes from', async () => {
    const key = 'axk_canary-1\naxk_canary-2';
    const file = shell.path('no-key');
    writeFileSync(file, key, { mode: 0o600 });
    const answers = await Promise.all([
      axiom(['whoami', '--api-key-file', file]),
      axiom(['whoami', '--api-key-file', '-', '--json'], key),
      axiom(['whoami'], '', { AXIOM_API_KEY: key }),
    ]);
    for (const { code, stdout, stderr } of answers) {
      expect([code, stdout, stderr]).toEqual([
        2,
        '',
        expect.stringContaining('give one key and nothing else'),
      ]);
      expect(stderr).not.toMatch(/canary|axk_/);
    }
    for (const none of ['', 'A=canary-1 B=canary-2', 'axk_canary-\u0434', 'axk_\0canary', 'axk_\x7f'])
      expect(() => oneCredential(none)).toThrow('give one key and nothing else');
    expect(oneCredential(' axk_0123\r\n')).toBe('axk_0123');
  });
});

describe('version and status', () => {
  it('say what runs where, of which version, and who you are', async () => {
    expect((await axiom(['version'])).stdout).toBe(`${version}\n`);
    const { store } = dataDirAt(serve.info.dataDir);
    const sizes = () => ({ bytes: statSync(store).size, logBytes: statSync(`${store}-wal`).size });
    // The service notes when a key was used some time after the call: its sizes are those around a call that saw none grow.
    let before, outcome;
    do {
      before = sizes();
      outcome = await axiom(['status', '--json']);
    } while (!isDeepStrictEqual(before, sizes()));
    const { code, json } = outcome;
    expect(code).toBe(0);
    expect(json).toMatchObject({
      version,
      service: { version },
      who: { tenantId: 'default', role: 'ROLE_ADMIN' },
    });
    const { management, console, execution, operatorSocket } = serve.info;
    expect(json.doors).toEqual([
      { door: 'management', address: management.address, answers: true },
      { door: 'console', address: console.address, answers: true },
      { door: 'execution', address: execution.address, answers: true },
      { door: 'operator', address: `unix:${operatorSocket}`, answers: true },
    ]);
    expect(json.store).toEqual(before);
    const { stdout } = await axiom(['status']);
    expect(stdout).toContain('admin of tenant default');
    expect(stdout).toMatch(/^store {7}\d+\.\d MiB, its write-ahead log \d+\.\d MiB$/m);
  });

  it('and which door takes no connections', async () => {
    const { code, json } = await axiom(['status', '--address', '127.0.0.1:1', '--json']);
    expect([code, json.doors[0].answers, json.error.code]).toEqual([6, false, 'UNAVAILABLE']);
  });
});

describe('doctor', () => {
  it('finds nothing wrong with a service that runs well', async () => {
    const { code, json } = await axiom(['doctor', '--json']);
    const states = json.findings.map((one: { check: string; state: string }) => `${one.check} ${one.state}`);
    expect(states).toEqual([
      ...['service ok', 'clock ok', 'certificates ok', expect.stringMatching(/^disk (?:ok|warning)$/)],
      ...['sockets ok', 'permissions ok', 'database ok'],
    ]);
    expect(code).toBe(0);
  });

  it('finds files that others may read, a socket that others may open, and says what to run', async () => {
    const dir = dataDirAt(serve.info.dataDir);
    chmodSync(dir.execution.kek, 0o644);
    chmodSync(serve.info.operatorSocket, 0o666);
    const { code, stdout } = await axiom(['doctor']);
    chmodSync(dir.execution.kek, 0o600);
    chmodSync(serve.info.operatorSocket, 0o600);
    expect(code).toBe(1);
    expect(stdout).toMatch(/permissions +failed +.*kek\.tink.*chmod/);
    expect(stdout).toMatch(/sockets +failed +others may open .*operator\.sock.*; run: chmod 600/);
  });

  it('finds a certificate that has ended, a damaged database and a service that does not answer', async () => {
    const other = await startServeProcess(shell.path('other'));
    await other.stop();
    const dir = dataDirAt(other.info.dataDir);
    writeFileSync(dir.store, 'not a database at all');
    writeFileSync(dir.management.tls.certificate, await endedCertificate());
    const { code, stdout } = await axiom(['doctor', '--data-dir', other.info.dataDir]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/service +failed +the service cannot be reached/);
    expect(stdout).toMatch(/certificates +failed +.*server\.crt ended on /);
    expect(stdout).toMatch(/database +failed +.* is not a SQLite file/);
  });
});

async function endedCertificate(): Promise<string> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    ...{ name: 'CN=ended', keys, signingAlgorithm: algorithm },
    ...{ notBefore: new Date('2020-01-01'), notAfter: new Date('2020-02-01') },
  });
  return made.toString('pem');
}

describe('audit', () => {
  it('is JSON lines, by who did it and when', async () => {
    const { principal } = (await axiom(['whoami', '--json'])).json;
    for (const name of ['MINE_1', 'MINE_2', 'MINE_3']) await axiom(['secrets', 'add', name], 'x');
    const all = ['--since', '2020-01-01', '--until', '2999-01-01T00:00:00Z'];
    const mine = (await axiom(['audit', '--actor', principal, ...all, '--limit', '3', '--json'])).jsonLines;
    expect(mine.map((event: { principal: string }) => event.principal)).toEqual([
      principal,
      principal,
      principal,
    ]);
    expect((await axiom(['audit', '--actor', 'oidc:', '--json'])).stdout).toBe('');
    expect((await axiom(['audit', '--until', '2020-01-01', '--json'])).stdout).toBe('');
    expect((await axiom(['audit', '--since', '2999-01-01', '--json'])).stdout).toBe('');
    const engines = await axiom([
      'audit',
      '--tenant',
      'default',
      '--actor',
      'engine:',
      '--limit',
      '1',
      '--json',
    ]);
    expect(engines.jsonLines).toMatchObject([{ principal: expect.stringMatching(/^engine:/) }]);
    expect((await axiom(['audit', '--since', 'yesterday'])).code).toBe(2);
    expect((await axiom(['audit', '--follow', '--until', '2999-01-01'])).code).toBe(2);
  });

  it('follows: events come as they happen, each once', async () => {
    const child = spawn(process.execPath, [AXIOM_MAIN, 'audit', '--follow', '--limit', '1', '--json'], {
      env: shell.env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const upTo = async (found: RegExp) => {
      while (!found.test(text)) await once(child.stdout, 'data');
    };
    await upTo(/\n/);
    const second = upTo(/FOLLOWED_2/);
    for (const name of ['FOLLOWED_1', 'FOLLOWED_2']) await axiom(['secrets', 'add', name], 'x');
    await second;
    child.kill('SIGINT');
    await new Promise((resolve) => child.once('exit', resolve));
    expect(
      text
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => JSON.parse(line) as unknown),
    ).toMatchObject([{ resource: 'FOLLOWED_1' }, { resource: 'FOLLOWED_2' }]);
  });
});

describe('A command that looks again and again', () => {
  it('outlasts a service that is started anew: follow misses no event, and drain goes on', async () => {
    // An address of its own: nobody takes the ports while the service is away.
    const start = (addresses: Record<'management' | 'execution', string>) => {
      const doors = Object.entries(addresses).flatMap(([door, address]) => [`--${door}-address`, address]);
      const flags = [...doors, '--host', '127.0.0.4'];
      return startServeProcess(shell.path('outlasted'), process.env, AXIOM_MAIN, { flags });
    };
    const first = await start({ management: '127.0.0.4:0', execution: '127.0.0.4:0' });
    const env = { AXIOM_DATA_DIR: first.info.dataDir };
    await axiom(['secrets', 'add', 'OUTLASTED'], 'old', env);
    const execution = await startExecution(first);
    await axiom(['secrets', 'replace', 'OUTLASTED'], 'new', env);
    const commands = [
      ['audit', '--follow', '--limit', '1', '--json'],
      ['secrets', 'drain', 'OUTLASTED'],
    ].map((args) => {
      const child = spawn(process.execPath, [AXIOM_MAIN, ...args], { env: { ...shell.env, ...env } });
      const said = { out: '', err: '' };
      child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
      const until = async (stream: 'out' | 'err', found: RegExp) => {
        while (!found.test(said[stream])) await once(stream === 'out' ? child.stdout : child.stderr, 'data');
      };
      return { child, said, until, ended: once(child, 'close') };
    });
    const [follow, drain] = commands as [(typeof commands)[0], (typeof commands)[0]];
    await follow.until('out', /\n/);
    await drain.until('err', /1 execution that runs holds/);

    await first.stop();
    await follow.until('err', /; trying again\n/);
    await drain.until('err', /; trying again\n/);
    const { management, execution: door } = first.info;
    const second = await start({ management: management.address, execution: door.address });
    await axiom(['secrets', 'add', 'AFTER_IT'], 'x', env);
    await follow.until('out', /AFTER_IT/);
    await execution.end();
    expect(await drain.ended).toEqual([0, null]);
    expect(drain.said.out).toBe('no running execution holds an older value of OUTLASTED\n');
    follow.child.kill('SIGINT');
    await follow.ended;
    for (const { said } of commands) expect(said.err).toMatch(/\nthe service answers again\n/);
    const events = follow.said.out.trim().split('\n');
    const sequences = events.map((line) => Number((JSON.parse(line) as { sequence: string }).sequence));
    expect(sequences).toEqual(sequences.map((_, index) => Number(sequences[0] ?? 0) + index));
    expect(Number.isInteger(sequences[0])).toBe(true);
    await second.stop();
  });
});

describe('Other names', () => {
  it('ls and rm are list and delete', async () => {
    await axiom(['secrets', 'add', 'GONE'], 'x');
    expect((await axiom(['secrets', 'rm', 'GONE'])).code).toBe(0);
    expect((await axiom(['secrets', 'ls'])).stdout).not.toContain('GONE');
    for (const group of ['configs', 'api-keys', 'packages', 'tenants', 'sessions', 'certificates'])
      expect([group, (await axiom([group, 'ls', '--json'])).code]).toEqual([group, 0]);
  });
});
