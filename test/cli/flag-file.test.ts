/** Files that flags name: what cannot be read is told by its flag, before anything is made, and a secret in a file's place is not shown. */

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Shell } from './axiom';

let shell: Shell;
beforeAll(() => {
  shell = new Shell();
  mkdirSync(shell.path('empty'));
});
afterAll(() => shell.remove());

describe('What was given in the place of its file is not repeated', () => {
  const url = 'postgresql://axiom:canary@db.example/axiom';
  it.each([
    ['--api-key-file', ['secrets', 'list', '--api-key-file', 'axk_canary']],
    ['--ca', ['secrets', 'list', '--ca', 'canary', '--address', 'a.example:7443']],
    ['--postgres-url-file', ['serve', '--data-dir', 'new', '--postgres-url-file', url]],
    ['--postgres-migration-url-file', ['serve', '--data-dir', 'new', '--postgres-migration-url-file', url]],
    [
      '--oidc-client-secret-file',
      [
        ...[
          'serve',
          '--data-dir',
          'new',
          '--oidc-issuer',
          'https://id.example',
          '--oidc-client-id',
          'console',
        ],
        ...['--oidc-role', 'staff=viewer', '--oidc-client-secret-file', 'canary'],
      ],
    ],
    ['--to-postgres-url-file', ['migrate-store', '--from', 'empty', '--to-postgres-url-file', url]],
  ])('%s', async (flag, args) => {
    const key = shell.path('key');
    writeFileSync(key, 'axk_1', { mode: 0o600 });
    const isOfKey = flag === '--api-key-file';
    const { code, stdout, stderr } = await shell.run(
      args,
      isOfKey ? {} : { env: { AXIOM_API_KEY_FILE: key } },
    );
    expect([code, stdout, stderr]).toEqual([
      2,
      '',
      `error: cannot read the file that ${flag} names (ENOENT); check that it is there and yours to read\n`,
    ]);
    expect(existsSync(shell.path('new'))).toBe(false);
  });
});

it('An empty file holds no key, and nothing is sent', async () => {
  writeFileSync(shell.path('no-key'), '\n', { mode: 0o600 });
  const { code, stderr } = await shell.run(['secrets', 'list', '--api-key-file', 'no-key']);
  expect([code, stderr]).toEqual([
    2,
    'error: the file that --api-key-file names is empty; give one that holds an API key or ID token\n',
  ]);
});

it('A file system says what is wrong in our words: a folder that cannot be made', async () => {
  writeFileSync(shell.path('file'), '');
  expect((await shell.run(['certificates', 'create-ca', '--data-dir', 'ca'])).code).toBe(0);
  const args = ['certificates', 'issue', 'engine', 'checkout', '--data-dir', 'ca', '--out'];
  const { code, stderr } = await shell.run([...args, shell.path('file', 'below')]);
  expect([code, stderr]).toEqual([
    1,
    `error: ${shell.path('file', 'below')} is not a folder; give another one (ENOTDIR)\n`,
  ]);
});

describe('A data folder in which no service has run', () => {
  it('has no certificates to list', async () => {
    const { code, stdout, stderr } = await shell.run(['certificates', 'list', '--data-dir', 'empty']);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(
      /^error: there is no CA in .*empty\/ca; give the data folder of the service that made it/,
    );
  });

  it('has nothing for doctor to look at, who finds nothing in order there', async () => {
    const { code, json } = await shell.run(['doctor', '--data-dir', 'empty', '--json']);
    expect(code).toBe(1);
    expect(json.findings).toEqual([
      {
        check: 'service',
        state: 'failed',
        message: expect.stringMatching(/^no service has run in .*empty; start one/),
      },
    ]);
  });
});
