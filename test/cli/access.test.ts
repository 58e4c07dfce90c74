/** `axiom login`, API keys, tenants and the audit log against a running service. */

import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSession } from '../console/support/http';
import { startServeProcess, type ServeProcess } from '../support/serve-process';
import { Shell } from './axiom';

let serve: ServeProcess;
let shell: Shell;
const axiom = (args: string[], input = '') =>
  shell.run(args, { input, env: { AXIOM_DATA_DIR: serve.info.dataDir } });

beforeAll(async () => {
  serve = await startServeProcess();
  shell = new Shell();
});

afterAll(async () => {
  shell.remove();
  await serve.stop();
});

describe('API keys with roles', () => {
  it('shows a new key once, and then only masked', async () => {
    const { json } = await axiom([
      'api-keys',
      'create',
      'deploy bot',
      '--role',
      'editor',
      '--expires-in-days',
      '90',
      '--json',
    ]);
    expect(json.rawKey).toMatch(/^axk_/);
    expect(json.apiKey).toMatchObject({ displayName: 'deploy bot', role: 'ROLE_EDITOR' });
    const [table, list] = await Promise.all([
      axiom(['api-keys', 'list']),
      axiom(['api-keys', 'list', '--json']),
    ]);
    expect(table.stdout).toMatch(/deploy bot +editor +\S+…\S+ .* until \d{4}-/);
    expect(list.stdout).not.toContain(json.rawKey);
  });

  it('lets a key do what its role may, until it is revoked', async () => {
    const created = await axiom(['api-keys', 'create', 'reader', '--json']);
    const keyFile = shell.path('reader.key');
    writeFileSync(keyFile, created.json.rawKey, { mode: 0o600 });
    const asReader = (args: string[]) => axiom([...args, '--api-key-file', keyFile, '--json'], 'x');
    const [list, add, keys] = await Promise.all([
      asReader(['secrets', 'list']),
      asReader(['secrets', 'add', 'A']),
      asReader(['api-keys', 'list']),
    ]);
    expect([list.code, add.code, keys.code]).toEqual([0, 5, 5]);
    expect(add.error.code).toBe('PERMISSION_DENIED');
    const keyId: string = created.json.apiKey.keyId;
    expect((await axiom(['api-keys', 'revoke', keyId])).stdout).toBe(`revoked ${keyId}\n`);
    const revoked = await asReader(['secrets', 'list']);
    expect(revoked.code).toBe(5);
    expect(revoked.error.code).toBe('UNAUTHENTICATED');
    expect((await axiom(['api-keys', 'list'])).stdout).toMatch(/reader +viewer .* revoked \d{4}-/);
  });

  it('ends a key after 90 days, or never where that is said', async () => {
    const create = async (...flags: string[]) =>
      (await axiom(['api-keys', 'create', 'x', ...flags, '--json'])).json.apiKey as { expireTime?: string };
    const days = (Date.parse((await create()).expireTime ?? '') - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(90);
    expect((await create('--never-expires')).expireTime).toBeUndefined();
  });

  it('refuses a role, an age and an id that there are not', async () => {
    const outcomes = await Promise.all([
      axiom(['api-keys', 'create', 'x', '--role', 'owner']),
      axiom(['api-keys', 'create', 'x', '--expires-in-days', 'soon']),
      axiom(['api-keys', 'revoke', 'nope']),
    ]);
    expect(outcomes.map(({ code }) => code)).toEqual([2, 2, 3]);
  });
});

describe('Console sessions', () => {
  it('are listed, and ended by their id, all of one’s own, or all of somebody’s', async () => {
    const { console: address } = serve.info;
    const open = () => openSession(address.address, readFileSync(serve.info.adminApiKeyFile, 'utf8').trim());
    const list = async (...flags: string[]) =>
      (await axiom(['sessions', 'list', ...flags, '--json'])).json.sessions as {
        sessionId: string;
        principal: string;
      }[];
    for (let count = 0; count < 2; count++) await open();
    const [first, second] = await list();
    expect((await axiom(['sessions', 'end', first?.sessionId ?? ''])).stdout).toBe('ended 1 session\n');
    expect(await list()).toEqual([second]);
    await open();
    expect((await axiom(['sessions', 'end', '--everywhere'])).stdout).toBe('ended 2 sessions\n');
    await open();
    const [third] = await list('--all');
    const everybody = ['sessions', 'end', '--principal', third?.principal ?? ''];
    expect((await axiom(everybody)).stdout).toBe('ended 1 session\n');
    expect(await list('--all')).toEqual([]);
    expect((await axiom(['sessions', 'end'])).code).toBe(2);
  });
});

describe("Tenants, through the operator's door", () => {
  it('makes a second tenant that sees nothing of the first', async () => {
    await axiom(['secrets', 'add', 'FIRST_TENANTS'], 'x');
    const created = await axiom(['tenants', 'create', 'acme', '--display-name', 'Acme Inc.']);
    expect(created.stdout).toMatch(/^axk_\S+\n$/);
    expect(created.stderr).toContain('not shown again');
    const keyFile = shell.path('acme.key');
    writeFileSync(keyFile, created.stdout, { mode: 0o600 });
    const asAcme = (args: string[]) => axiom([...args, '--api-key-file', keyFile]);
    const [who, list, tenants, twice, bad] = await Promise.all([
      asAcme(['whoami']),
      asAcme(['secrets', 'list']),
      axiom(['tenants', 'list']),
      axiom(['tenants', 'create', 'acme', '--json']),
      axiom(['tenants', 'create', 'Not An Id', '--json']),
    ]);
    expect(who.stdout).toMatch(/admin of tenant acme/);
    expect(list.stdout).toMatch(/^no secrets yet/);
    expect(tenants.stdout).toMatch(/acme +Acme Inc\. .*\n.*default/);
    expect([twice.code, bad.code]).toEqual([4, 7]);
    expect((await axiom(['tenants', 'list', '--json'])).json.tenants).toHaveLength(2);
  });
});

describe('A tenant whose last admin API key is gone', () => {
  it('gets a new one from the operator, printed this once, and goes on', async () => {
    const keyFile = shell.path('locked-out.key');
    writeFileSync(keyFile, (await axiom(['tenants', 'create', 'locked-out'])).stdout, { mode: 0o600 });
    const asTenant = (args: string[]) => axiom([...args, '--api-key-file', keyFile, '--json']);
    const [key] = (await asTenant(['api-keys', 'list'])).json.apiKeys;
    expect((await asTenant(['api-keys', 'revoke', key.keyId])).error).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'API_KEY_OWN',
    });
    await asTenant(['api-keys', 'revoke', key.keyId, '--allow-lockout']);
    expect((await asTenant(['whoami'])).error.code).toBe('UNAUTHENTICATED');
    const made = await axiom(['tenants', 'admin-key', 'locked-out']);
    expect([made.stdout, made.stderr]).toEqual([
      expect.stringMatching(/^axk_\S+\n$/),
      expect.stringContaining('not shown again'),
    ]);
    writeFileSync(keyFile, made.stdout, { mode: 0o600 });
    expect((await asTenant(['whoami'])).json).toMatchObject({ tenantId: 'locked-out', role: 'ROLE_ADMIN' });
    const events = (await asTenant(['audit', '--action', 'api_key.create'])).jsonLines;
    expect(events[0]).toMatchObject({ principal: 'operator', door: 'operator' });
    expect((await axiom(['tenants', 'admin-key', 'nobody'])).code).toBe(3);
  });
});

describe('The audit log', () => {
  it('refuses an action that there is not, and names those that there are', async () => {
    const { code, stdout, error } = await axiom(['audit', '--action', 'secret.added', '--json']);
    expect([code, stdout]).toEqual([2, '']);
    expect(error.message).toMatch(
      /'secret\.added' is invalid\. Allowed choices are secret\.add, .*, store\.verify\.$/,
    );
  });

  it('says who did what, newest first, filtered and limited', async () => {
    const [table, one, filtered, wrong] = await Promise.all([
      axiom(['audit']),
      axiom(['audit', '--limit', '1', '--json']),
      axiom(['audit', '--action', 'secret.add', '--resource', 'FIRST_TENANTS', '--json']),
      axiom(['audit', '--limit', '0']),
    ]);
    expect(table.stdout).toMatch(/^# +TIME +WHO +DID +TO +COUNT +BY NODE +DOOR +FROM +STATUS\n/);
    // The first refusal of somebody's minute has a row at once, the other of the two is counted at its end.
    expect(table.stdout).toMatch(/call\.denied +(ListApiKeys|AddSecret) .*PERMISSION_DENIED/);
    expect(one.jsonLines).toHaveLength(1);
    expect(filtered.jsonLines).toMatchObject([
      { action: 'secret.add', resource: 'FIRST_TENANTS', door: 'management' },
    ]);
    expect(wrong.code).toBe(2);
  });
});

describe('A login is kept for later commands', () => {
  const loginFile = () => shell.path('config', 'axiom', 'login.json');
  const here = () => ['--address', serve.info.management.address, '--ca', serve.info.caCertificate];
  const plain = (args: string[], input = '') => shell.run(args, { input });

  it('takes the key from stdin, keeps it in a file of mode 0600, and forgets it', async () => {
    const key = readFileSync(serve.info.adminApiKeyFile, 'utf8');
    expect((await plain(['login', ...here(), '--json'], key)).json).toMatchObject({
      tenantId: 'default',
      role: 'ROLE_ADMIN',
    });
    expect(statSync(loginFile()).mode & 0o777).toBe(0o600);
    expect(statSync(shell.path('config', 'axiom')).mode & 0o777).toBe(0o700);
    expect((await plain(['whoami'])).stdout).toMatch(/admin of tenant default/);
    expect((await plain(['secrets', 'list', '--json'])).code).toBe(0);
    expect((await plain(['logout'])).stderr).toBe('logged out\n');
    expect(existsSync(loginFile())).toBe(false);
    expect((await plain(['logout', '--json'])).json).toEqual({});
  });

  it('takes everything from a data folder', async () => {
    expect((await plain(['login', '--data-dir', serve.info.dataDir])).code).toBe(0);
    expect((await plain(['whoami', '--json'])).json.tenantId).toBe('default');
  });

  it('stands behind a key of flags and variables, and before the data folder, but for the flag that names one', async () => {
    const makeKey = async (role: string) => {
      const { stdout } = await axiom(['api-keys', 'create', `the ${role}`, '--role', role]);
      writeFileSync(shell.path(role), stdout, { mode: 0o600 });
      return stdout.trim();
    };
    const [viewer, editor] = [await makeKey('viewer'), await makeKey('editor')];
    expect((await plain(['login', ...here()], viewer)).code).toBe(0);
    const roleOf = async (args: string[], env: NodeJS.ProcessEnv = {}) => {
      const { stdout } = await shell.run(['whoami', ...args], { env });
      return /, (\w+) of tenant default$/m.exec(stdout)?.[1];
    };
    const byFile = ['--api-key-file', shell.path('editor')];
    const dataDir = { AXIOM_DATA_DIR: serve.info.dataDir };
    expect(await roleOf(byFile, { AXIOM_API_KEY: viewer })).toBe('editor');
    expect(await roleOf([], { AXIOM_API_KEY_FILE: shell.path('editor'), AXIOM_API_KEY: viewer })).toBe(
      'editor',
    );
    expect(await roleOf([], { AXIOM_API_KEY: editor })).toBe('editor');
    expect(await roleOf([])).toBe('viewer');
    expect(await roleOf(['--data-dir', serve.info.dataDir])).toBe('admin');
    expect(await roleOf([], dataDir)).toBe('admin');
    expect(await roleOf([], { ...dataDir, AXIOM_API_KEY: editor })).toBe('editor');
  });

  it('keeps nothing of a key that is not in force', async () => {
    await plain(['logout']);
    const { code, stderr } = await plain(['login', ...here()], `axk_${'0'.repeat(64)}`);
    expect(code).toBe(5);
    expect(stderr).not.toContain('axk_0');
    expect(stderr).toMatch(
      /name one that is in force with --api-key-file, or log in again with `axiom login`/,
    );
    expect(existsSync(loginFile())).toBe(false);
  });

  it('says what to do when there is no login and no service, without quoting a damaged login', async () => {
    const nowhere = await plain(['whoami', '--json']);
    expect(nowhere.code).toBe(6);
    expect(nowhere.error.message).toMatch(/start one with `axiom serve/);
    expect((await plain(['login', '--data-dir', serve.info.dataDir])).code).toBe(0);
    writeFileSync(loginFile(), 'axk_canary');
    const damaged = await plain(['whoami']);
    expect(damaged.code).toBe(1);
    expect(damaged.stderr).toMatch(/is damaged; log in again/);
    expect(damaged.stderr).not.toContain('canary');
  });

  it('does not trust a door whose certificate another CA signed', async () => {
    const other = await startServeProcess();
    try {
      const outcome = await axiom(['whoami', '--ca', other.info.caCertificate, '--json']);
      expect(outcome.code).toBe(6);
      expect(outcome.error.code).toBe('UNAVAILABLE');
    } finally {
      await other.stop();
    }
  });
});

describe('A service that has stopped', () => {
  it('is unreachable, for every door', async () => {
    const stopped = await startServeProcess(shell.path('stopped'));
    await stopped.stop();
    const flags = ['--data-dir', shell.path('stopped'), '--json'];
    const outcomes = await Promise.all([
      axiom(['secrets', 'list', ...flags]),
      axiom(['tenants', 'list', ...flags]),
    ]);
    for (const { code, error } of outcomes) expect([code, error.code]).toEqual([6, 'UNAVAILABLE']);
  });
});
