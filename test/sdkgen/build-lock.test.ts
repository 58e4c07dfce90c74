import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { withBuildLock } from '../../src/sdkgen/build-lock';
import { PackageFolder } from '../support/package-folder';

const quiet = (): void => undefined;

let folder: PackageFolder;
let lock: string;

beforeEach(() => {
  folder = new PackageFolder({});
  lock = join(folder.root, 'cache', 'environment.lock');
});
afterEach(() => folder[Symbol.dispose]());

describe('Two commands that need the same cached build', () => {
  it('make it one after the other', async () => {
    const order: string[] = [];
    const work = (name: string) => async () => {
      order.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      order.push(`${name} ends`);
    };
    await Promise.all([withBuildLock(lock, work('one'), quiet), withBuildLock(lock, work('two'), quiet)]);
    expect(order.map((line) => line.split(' ')[1])).toEqual(['begins', 'ends', 'begins', 'ends']);
    expect(existsSync(lock)).toBe(false);
  });

  it('say that they wait for each other', async () => {
    let release: () => void = () => undefined;
    const first = withBuildLock(lock, () => new Promise<void>((resolve) => (release = resolve)), quiet);
    while (!existsSync(lock)) await new Promise((resolve) => setTimeout(resolve, 5));
    let tell: () => void = () => undefined;
    const told = new Promise<void>((resolve) => (tell = resolve));
    const second = withBuildLock(
      lock,
      () => Promise.resolve('made'),
      () => tell(),
    );
    await told;
    release();
    await first;
    expect(await second).toBe('made');
  });

  it('do not wait for one that failed or was killed', async () => {
    await expect(withBuildLock(lock, () => Promise.reject(new Error('failed')), quiet)).rejects.toThrow(
      'failed',
    );
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    folder.write('cache/environment.lock/pid', String(pid));
    expect(await withBuildLock(lock, async () => 'made', quiet)).toBe('made');
  });
});
