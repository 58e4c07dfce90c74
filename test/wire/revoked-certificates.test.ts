/** The list of revoked certificates that a door reads: a half on a machine of its own has none until one is copied there. */

import { mkdtempSync, rmSync, unwatchFile, watchFile, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, jest } from '@jest/globals';
import { watchRevokedCertificates } from '../../src/wire/listener/revoked-certificates';

it('is nothing to speak of where it never was, counts once it is there, and is told of when it is gone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'axiom-revoked-'));
  const path = join(folder, 'revoked-certificates');
  const error = jest.fn();
  const revoked = watchRevokedCertificates(path, { error } as never);
  try {
    // Of a file that is not there each listener is told once, in turn.
    await new Promise<void>((resolve) => watchFile(path, { interval: 1_000 }, () => resolve()));
    expect(error).not.toHaveBeenCalled();
    revoked.refuse('0A1B');
    writeFileSync(path, '0a1b\n');
    const isRefused = () => {
      try {
        revoked.refuse('0A1B');
        return false;
      } catch {
        return true;
      }
    };
    while (!isRefused()) await sleep(20);
    rmSync(path);
    while (error.mock.calls.length === 0) await sleep(20);
    expect(isRefused()).toBe(true);
  } finally {
    unwatchFile(path);
    revoked.stop();
    rmSync(folder, { recursive: true });
  }
});
