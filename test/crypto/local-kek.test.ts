// The local KEK file: made once, whole, for its owner only, and never overwritten.

import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLocalKek, openLocalKek } from '../../src/crypto/kek/local-kek';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'axiom-kek-'));
  path = join(folder, 'kek');
});
afterEach(() => rmSync(folder, { recursive: true }));

const keyset = Buffer.from('a keyset');
const purpose = Buffer.from('its purpose');

describe('the KEK file', () => {
  it('is made on first start with mode 0600, and nothing is left beside it', async () => {
    await createLocalKek(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['kek']);
  });

  it('is opened, not made again, on later starts', async () => {
    const first = await createLocalKek(path);
    const bytes = readFileSync(path);
    const wrapped = await first.wrap(keyset, purpose);
    const second = await createLocalKek(path);
    expect(readFileSync(path)).toEqual(bytes);
    expect(Buffer.from(await second.unwrap(wrapped, purpose))).toEqual(keyset);
  });

  it('that another process made meanwhile stays as it is', async () => {
    const meanwhile = join(folder, 'meanwhile');
    await createLocalKek(meanwhile);
    const starting = createLocalKek(path);
    // The start under way has found no file by the time this wait ends; only then there is one.
    execFileSync('sleep', ['0.1']);
    copyFileSync(meanwhile, path);
    const wrapped = await (await starting).wrap(keyset, purpose);
    expect(readFileSync(path)).toEqual(readFileSync(meanwhile));
    expect(Buffer.from(await (await openLocalKek(path)).unwrap(wrapped, purpose))).toEqual(keyset);
  });

  it('is one file when several processes start at once', async () => {
    const keks = await Promise.all(Array.from({ length: 8 }, () => createLocalKek(path)));
    const wrapped = await Promise.all(keks.map((kek) => kek.wrap(keyset, purpose)));
    const opened = await openLocalKek(path);
    for (const each of wrapped) {
      expect(Buffer.from(await opened.unwrap(each, purpose))).toEqual(keyset);
    }
    expect(readdirSync(folder)).toEqual(['kek']);
  });

  it.each(['0604', '0644', '0660', '0777'])(
    'is refused with mode %s, with the command that mends it',
    async (mode) => {
      await createLocalKek(path);
      chmodSync(path, parseInt(mode, 8));
      const attempt = createLocalKek(path);
      await expect(attempt).rejects.toMatchObject({
        code: 'FAILED_PRECONDITION',
        reason: 'PRIVATE_FILE_MODE',
      });
      await expect(attempt).rejects.toThrow(`has mode ${mode}, so others may use it; run: chmod 600 ${path}`);
      execFileSync('chmod', ['600', path]);
      await expect(createLocalKek(path)).resolves.toBeDefined();
    },
  );

  it('that its group may read is what an orchestrator mounts where root owns it, and refused of anybody else', async () => {
    await createLocalKek(path);
    chmodSync(path, 0o640);
    const attempt = createLocalKek(path);
    if (process.geteuid?.() === 0) await expect(attempt).resolves.toBeDefined();
    else await expect(attempt).rejects.toMatchObject({ reason: 'PRIVATE_FILE_MODE' });
  });

  it.each([
    ['empty', Buffer.alloc(0)],
    ['text', Buffer.from('correct horse battery staple')],
    ['too long', Buffer.alloc(70_000)],
  ])('that is %s is refused and left alone', async (_, bytes) => {
    writeFileSync(path, bytes, { mode: 0o600 });
    await expect(createLocalKek(path)).rejects.toMatchObject({ reason: 'KEK_FILE_MALFORMED' });
    expect(readFileSync(path)).toEqual(bytes);
  });

  it('is not made where openLocalKek finds none', async () => {
    await expect(openLocalKek(path)).rejects.toMatchObject({ reason: 'KEK_FILE_MISSING' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('cannot be a folder, nor a name that leads nowhere', async () => {
    mkdirSync(path, { mode: 0o700 });
    await expect(createLocalKek(path)).rejects.toMatchObject({ reason: 'PRIVATE_FILE_MALFORMED' });
    const loop = join(folder, 'loop');
    symlinkSync(loop, loop);
    await expect(createLocalKek(loop)).rejects.toMatchObject({ reason: 'KEK_FILE_UNREADABLE' });
  });

  it('in a folder that is not there is an error, not a folder', async () => {
    const attempt = createLocalKek(join(folder, 'none', 'kek'));
    await expect(attempt).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'KEK_FILE_UNWRITABLE',
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('does not unwrap what another wrapped, or what was wrapped for another purpose', async () => {
    const one = await createLocalKek(path);
    const two = await createLocalKek(join(folder, 'other'));
    const wrapped = await one.wrap(keyset, purpose);
    const failure = { code: 'FAILED_PRECONDITION', reason: 'KEYSET_DOES_NOT_UNWRAP' };
    await expect(two.unwrap(wrapped, purpose)).rejects.toMatchObject(failure);
    await expect(one.unwrap(wrapped, Buffer.from('another'))).rejects.toMatchObject(failure);
  });

  it('is named by its path and by nothing of its content', async () => {
    expect((await createLocalKek(path)).uri).toBe(`file:${path}`);
  });
});
