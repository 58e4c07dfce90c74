/** One start at a time in a data folder. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withStartLock } from '../../src/server/start-lock';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'axiom-start-lock-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('Starts on one folder', () => {
  it('wait for each other, whichever moment of another they come at', async () => {
    const path = join(folder, 'start.lock');
    let inside = 0;
    let most = 0;
    const start = async (after: number) => {
      await delay(after);
      await withStartLock(path, async () => {
        most = Math.max(most, ++inside);
        await delay(20);
        inside--;
      });
    };
    await Promise.all([0, 0, 5, 10, 15, 25, 40].map(start));
    expect([inside, most]).toEqual([0, 1]);
  });

  it('are told what holds them where another takes too long', async () => {
    const path = join(folder, 'start.lock');
    await withStartLock(path, async () => {
      await expect(withStartLock(path, async () => undefined, 100)).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: `another start holds ${path} for too long; wait until it has ended, or end it`,
      });
    });
  });
});
