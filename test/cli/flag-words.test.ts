/** Words after flags that mean something else than they seem to, and messages of a service that is not there. */

import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startServeProcess, startServeWith, type ServeProcess } from '../support/serve-process';
import { Shell } from './axiom';

let serve: ServeProcess;
let shell: Shell;
const axiom = (args: string[], env: NodeJS.ProcessEnv = {}) =>
  shell.run([...args, '--json'], { env: { AXIOM_DATA_DIR: serve.info.dataDir, ...env } });

beforeAll(async () => {
  serve = await startServeProcess();
  shell = new Shell();
});

afterAll(async () => {
  shell.remove();
  await serve.stop();
});

describe('A number that is none', () => {
  it.each(['0', '-1', '1e3', '1.5', ' 7', 'soon'])(
    'makes no API key without an end: --expires-in-days %j',
    async (days) => {
      const { code, stdout, error } = await axiom([
        'api-keys',
        'create',
        'endless',
        '--expires-in-days',
        days,
      ]);
      expect([code, stdout, error.message]).toEqual([2, '', '--expires-in-days is a whole number from 1']);
      expect((await axiom(['api-keys', 'list'])).json.apiKeys).toHaveLength(1);
    },
  );

  it('is refused where HTTP/2 takes none so large, and the largest serves', async () => {
    const { code, error } = await axiom(['serve', '--max-streams', '4294967296']);
    expect([code, error.message]).toEqual([2, '--max-streams is at most 4294967295']);
    const largest = await startServeWith({ flags: ['--max-streams', '4294967295'] });
    const listed = await shell
      .run(['secrets', 'list', '--data-dir', largest.info.dataDir])
      .finally(() => largest.stop());
    expect(listed.code).toBe(0);
  });

  it('is refused by lists too', async () => {
    const [audit, usage] = await Promise.all([
      axiom(['audit', '--limit', '0x10']),
      axiom(['secrets', 'usage', '--unread-days', '1e1']),
    ]);
    expect([audit.code, usage.code]).toEqual([2, 2]);
  });
});

describe('A shell variable that is not set', () => {
  it.each([
    ['serve', '--data-dir', ''],
    ['whoami', '--data-dir', ''],
    ['api-keys', 'create', 'x', '--expires-in-days', ''],
    ['secrets', 'usage', '--unread-days', ''],
    ['serve', '--host', ''],
  ])('is no value: axiom %s %s …', async (...args) => {
    const { code, stdout, error } = await axiom(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(error.message).toMatch(/^--[a-z-]+ has nothing after it; give it a value or leave it out$/);
    expect(readdirSync(shell.folder).filter((name) => name === 'keys')).toEqual([]);
  });

  it.each([
    ['id', ['sessions', 'end', '']],
    ['folder', ['push', '']],
    ['config', ['configs', 'delete', '']],
    ['name', ['secrets', 'delete', '']],
  ])('is no %s: axiom %j', async (what, args) => {
    const { code, stdout, error } = await axiom(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(error.message).toMatch(
      new RegExp(`^the ${what} has nothing in it; give it(?: or leave it out)?$`),
    );
  });

  it('is no flow, nor is it every flow: axiom configs delete "$UNSET/eu"', async () => {
    expect((await axiom(['configs', 'create', 'checkout', 'eu'])).code).toBe(0);
    const { code, error } = await axiom(['configs', 'delete', '/eu']);
    expect([code, error.message]).toEqual([2, '/eu is not FLOW/PROFILE; see `axiom configs list`']);
    expect((await axiom(['configs', 'list'])).json.flowConfigs).toHaveLength(1);
  });

  it('is no setting: AXIOM_DATA_DIR= is the default folder, not this one', async () => {
    const { code, error } = await axiom(['secrets', 'list'], { AXIOM_DATA_DIR: '' });
    expect(code).toBe(6);
    expect(error.message).toContain(`no service has run in ${shell.path('share', 'axiom')}`);
    expect(existsSync(shell.path('keys'))).toBe(false);
  });

  it('is no place: XDG_DATA_HOME= and XDG_CONFIG_HOME= are those under the home folder', async () => {
    const env = { AXIOM_DATA_DIR: '', HOME: shell.folder, XDG_DATA_HOME: '', XDG_CONFIG_HOME: '' };
    mkdirSync(shell.path('.config', 'axiom'), { recursive: true });
    const nowhere = await axiom(['secrets', 'list'], env);
    expect(nowhere.error.message).toContain(
      `no service has run in ${shell.path('.local', 'share', 'axiom')}`,
    );
    writeFileSync(shell.path('.config', 'axiom', 'login.json'), '{', { mode: 0o600 });
    expect((await axiom(['secrets', 'list'], env)).error.message).toContain(shell.path('.config'));
  });
});

describe('An address that is none has its own sentence, and nothing is sent', () => {
  it.each([
    [
      'https://a.example:7443',
      '--address is host:port and not a URL; leave out https://, as in a.example:7443',
    ],
    ['dns:///a.example:7443', '--address is host:port and not a URL; leave out dns://, as in HOST:7443'],
    ['http://127.0.0.1', '--address is host:port and not a URL; leave out http://, as in 127.0.0.1:7443'],
    ['a.example', "--address has no port; the management door's is 7443 unless it was set: a.example:7443"],
    ['[::1]', "--address has no port; the management door's is 7443 unless it was set: [::1]:7443"],
    [
      '127.0.0.1:99999',
      '--address is host:port with a port from 1 to 65535; for example secrets.example.com:7443',
    ],
  ])('%s', async (address, message) => {
    const { code, error } = await axiom(['whoami', '--address', address]);
    expect([code, error.message]).toEqual([2, message]);
  });
});

describe('A service that cannot be called is told of in one sentence, with what to do', () => {
  it.each([
    ['127.0.0.1:1', 'the service cannot be reached (ECONNREFUSED); check that it runs, and the address'],
    ['nowhere.invalid:7443', /^the service cannot be reached.*; check that it runs, and the address$/],
    ['under_score.invalid:7443', /^the service cannot be reached.*; check that it runs, and the address$/],
  ])('%s', async (address, message) => {
    const { code, error } = await axiom(['whoami', '--address', address]);
    expect(code).toBe(6);
    if (typeof message === 'string') expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
  });

  it("the console's door and the execution door", async () => {
    // What a server says after TLS 1.3's handshake is lost now and then: the client has written already, and is reset.
    const ask = async (address: string, times = 5): ReturnType<typeof axiom> => {
      const answer = await axiom(['whoami', '--address', address]);
      return answer.error.message.startsWith('the service cannot be reached') && times > 1
        ? ask(address, times - 1)
        : answer;
    };
    const [ofConsole, ofExecution] = await Promise.all([
      ask(serve.info.console.address),
      ask(serve.info.execution.address),
    ]);
    expect([ofConsole.code, ofConsole.error.message]).toEqual([
      6,
      expect.stringMatching(/^a web server answers there .* console's .*; give the management door's/),
    ]);
    expect([ofExecution.code, ofExecution.error.message]).toEqual([
      6,
      expect.stringMatching(/^a door answers there .* execution door .*; give the management door's/),
    ]);
  });

  it('one whose certificate another CA signed', async () => {
    const other = await startServeProcess();
    const { code, error } = await axiom(['whoami', '--ca', other.info.caCertificate]);
    await other.stop();
    expect(code).toBe(6);
    expect(error.message).toMatch(/^the service did not prove itself: .*--ca$/);
  });
});

it('A sidecar that is started wrongly names the flags that are wrong, and nothing is sent', async () => {
  const { code, error } = await axiom([
    'sidecar',
    '--execution-address',
    'nowhere',
    '--ca',
    '/nowhere.crt',
    '--listen',
    'no',
  ]);
  expect(code).toBe(2);
  expect(error.message).toBe(
    '--execution-address is not host:port or unix:/path; --listen is not host:port or unix:/path; --ca cannot be read from /nowhere.crt',
  );
});
