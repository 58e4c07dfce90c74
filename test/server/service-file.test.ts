/** service.json leads commands to a service that runs, whichever of several it is. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ServiceInfo } from '../../src/server/service';
import { Shell } from '../cli/axiom';
import { startServeProcess } from '../support/serve-process';

let folder: string;
let shell: Shell;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'axiom-file-'));
  shell = new Shell({ AXIOM_DATA_DIR: folder });
});

afterAll(() => {
  shell.remove();
  rmSync(folder, { recursive: true, force: true });
});

const standing = () => JSON.parse(readFileSync(join(folder, 'service.json'), 'utf8')) as ServiceInfo;

describe('Two services on one data folder', () => {
  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'the one that is left is found once the other ended by %s',
    async (signal) => {
      const first = await startServeProcess(folder);
      const second = await startServeProcess(folder);
      try {
        expect(standing()).toEqual(second.info);
        await second.stop(signal);
        while (standing().management.pid !== first.info.management.pid)
          await new Promise((resolve) => setTimeout(resolve, 50));
        expect(standing()).toEqual(first.info);
        const [who, tenants] = await Promise.all([shell.run(['whoami']), shell.run(['tenants', 'list'])]);
        expect([who.code, tenants.code]).toEqual([0, 0]);
      } finally {
        await first.stop();
      }
    },
  );

  it('the first to end takes nothing from the other', async () => {
    const first = await startServeProcess(folder);
    const second = await startServeProcess(folder);
    await first.stop();
    expect(standing()).toEqual(second.info);
    expect((await shell.run(['whoami'])).code).toBe(0);
    await second.stop();
  });
});
