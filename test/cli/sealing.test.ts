/** The CLI seals values itself, to keys that the service which it trusts has signed. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateSigningKeyset } from '../../src/crypto/tink/generate';
import { startServeProcess, type ServeProcess } from '../support/serve-process';
import { storedValues } from '../support/stored-values';
import { Shell } from './axiom';

let serve: ServeProcess;
let shell: Shell;
/** Of a service that this one is not. */
let foreign: Uint8Array;
const loginFile = () => shell.path('config', 'axiom', 'login.json');
const keysetOf = (half: string) => join(serve.info.dataDir, half, 'verifying-keyset.tink');
const ownKeyset = () => keysetOf('execution');

beforeAll(async () => {
  serve = await startServeProcess();
  shell = new Shell();
  foreign = (await generateSigningKeyset()).publicKeyset;
  writeFileSync(shell.path('foreign.tink'), foreign);
});

afterAll(async () => {
  shell.remove();
  await serve.stop();
});

const here = () => ['--address', serve.info.management.address, '--ca', serve.info.caCertificate];
const withKey = () => [...here(), '--api-key-file', serve.info.adminApiKeyFile];
const REFUSED =
  /^error: the key that this service seals to is not signed by the service that you trust, and nothing was sealed or sent/;

describe('A login pins the key that the service signs with', () => {
  it('keeps the service’s verifying keyset, and values are sealed to what it signed', async () => {
    expect(
      (await shell.run(['login', ...here()], { input: readFileSync(serve.info.adminApiKeyFile) })).code,
    ).toBe(0);
    const { verifyingKeyset } = JSON.parse(readFileSync(loginFile(), 'utf8')) as { verifyingKeyset: string };
    expect(Buffer.from(verifyingKeyset, 'base64')).toEqual(readFileSync(ownKeyset()));
    expect((await shell.run(['secrets', 'add', 'A'], { input: 'sealed here' })).code).toBe(0);
    expect(await storedValues(serve.info)).toEqual({ A: 'sealed here' });
  });

  it('and sends nothing once the service shows keys that another has signed', async () => {
    const login = JSON.parse(readFileSync(loginFile(), 'utf8')) as object;
    const changed = { ...login, verifyingKeyset: Buffer.from(foreign).toString('base64') };
    writeFileSync(loginFile(), JSON.stringify(changed));
    await shell.run(['configs', 'create', 'flow', 'eu']);
    const refused = [
      await shell.run(['secrets', 'add', 'B'], { input: 'never sent' }),
      await shell.run(['configs', 'override', 'flow/eu', 'B'], { input: 'never sent' }),
      await shell.run(['secrets', 'replace', 'A'], { input: 'never sent' }),
      await shell.run(['secrets', 'import', '-', '--format', 'env'], { input: 'B=never-sent' }),
      await shell.run(['login', ...here()], { input: readFileSync(serve.info.adminApiKeyFile) }),
    ];
    for (const { code, stderr } of refused) {
      expect(code).toBe(1);
      expect(stderr).toMatch(REFUSED);
    }
    // What sends no value still works, and a new login is trusted once the old one is gone.
    expect((await shell.run(['secrets', 'list'])).code).toBe(0);
    const dryRun = ['secrets', 'import', '-', '--format', 'env', '--dry-run'];
    expect((await shell.run(dryRun, { input: 'B=never-sent' })).stdout).toBe('would add B\n');
    expect((await shell.run(['logout'])).code).toBe(0);
    expect(
      (await shell.run(['login', ...here()], { input: readFileSync(serve.info.adminApiKeyFile) })).code,
    ).toBe(0);
    expect((await shell.run(['secrets', 'add', 'B'], { input: 'sent' })).code).toBe(0);
    expect(await storedValues(serve.info)).toEqual({ A: 'sealed here', B: 'sent' });
  });
});

it('A login that has no pin trusts the connection, until one logs in again', async () => {
  const login = JSON.parse(readFileSync(loginFile(), 'utf8')) as object;
  writeFileSync(loginFile(), JSON.stringify({ ...login, verifyingKeyset: undefined }));
  const add = (name: string) => shell.run(['secrets', 'add', name], { input: 'neither short nor common' });
  expect((await add('UNPINNED')).code).toBe(0);
  await shell.run(['login', ...here()], { input: readFileSync(serve.info.adminApiKeyFile) });
  expect(JSON.parse(readFileSync(loginFile(), 'utf8'))).toEqual(login);
});

describe('Without a login', () => {
  it('--verifying-keyset pins the key', async () => {
    const add = (name: string, file: string) =>
      shell.run(['secrets', 'add', name, ...withKey(), '--verifying-keyset', file], {
        input: 'neither short nor common',
      });
    expect((await add('C', shell.path('foreign.tink'))).stderr).toMatch(REFUSED);
    expect((await add('C', ownKeyset())).code).toBe(0);
  });

  it('an address, a CA and a key given by flags trust the connection alone, and the data folder pins the key', async () => {
    expect((await shell.run(['logout'])).code).toBe(0);
    const own = readFileSync(ownKeyset());
    writeFileSync(ownKeyset(), foreign);
    const byFlags = await shell.run(['secrets', 'add', 'BY_FLAGS', ...withKey()], {
      input: 'neither short nor common',
      env: { AXIOM_DATA_DIR: serve.info.dataDir },
    });
    expect(byFlags.code).toBe(0);
    const args = ['secrets', 'add', 'D', '--data-dir', serve.info.dataDir];
    const refused = await shell.run(args, { input: 'neither short nor common' });
    writeFileSync(ownKeyset(), own);
    expect(refused.stderr).toMatch(REFUSED);
    expect((await shell.run(args, { input: 'neither short nor common' })).code).toBe(0);
  });

  it('the data folder pins the execution half’s key, whatever the management half has put into its own copy', async () => {
    const own = readFileSync(keysetOf('management'));
    writeFileSync(keysetOf('management'), foreign);
    const args = ['secrets', 'add', 'F', '--data-dir', serve.info.dataDir];
    const added = await shell.run(args, { input: 'neither short nor common' });
    writeFileSync(keysetOf('management'), own);
    expect(added).toMatchObject({ code: 0 });
  });
});

describe('What is no value', () => {
  it('is refused before anything is sealed or sent, in the service’s words', async () => {
    const { code, stderr } = await shell.run(['secrets', 'add', 'E', ...withKey()], { input: '' });
    expect(code).toBe(7);
    expect(stderr).toBe('error: value: is empty; send the value as 1 to 65,536 bytes of UTF-8 text\n');
  });
});

it('Node has nothing to warn of where values are sealed, at the command and in the servers', async () => {
  const { code, stderr } = await shell.run(['secrets', 'add', 'QUIET', ...withKey()], {
    input: 'k1-4f9a2c77',
  });
  expect([code, stderr]).toEqual([0, '']);
  expect(
    serve
      .log()
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('{')),
  ).toEqual([]);
});
