/** What code inside the management process can do to the parent of both: tried from inside, in a copy of the program. */

import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ServiceInfo } from '../../src/server/service-file';
import { until } from '../sidecar/support/rig';
import { startServeProcess } from '../support/serve-process';

const ROOT = join(__dirname, '..', '..');

/** At SIGUSR2 it says to its parent, by the descriptor that Node gave it, what Node's own code would not, and tells that. */
const TAKEN_OVER = `
  const fs = require('node:fs');
  const link = () => fs.readlinkSync('/proc/self/fd/3');
  const ours = link();
  process.on('SIGUSR2', () => {
    let ended = true;
    try {
      if (link() === ours) ended = fs.writeSync(3, 'this is no JSON\\n') === 0;
    } catch {}
    fs.writeSync(2, 'TAKEN OVER, the link has ' + (ended ? 'ended' : 'not ended') + '\\n');
  });`;

describe('Code inside the management process', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'axiom-taken-over-'));
    cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
    for (const needed of ['node_modules', 'package.json'])
      symlinkSync(join(ROOT, needed), join(folder, needed));
    appendFileSync(join(folder, 'dist', 'server', 'management-main.js'), TAKEN_OVER);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('ends neither the parent nor the other half by what it says to the parent', async () => {
    const main = join(folder, 'dist', 'cli', 'main.js');
    const serve = await startServeProcess(undefined, process.env, main);
    try {
      const { management, execution } = serve.info;
      process.kill(management?.pid ?? 0, 'SIGUSR2');
      await until(() => serve.log().includes('TAKEN OVER'));
      // A parent that is there starts again what died.
      process.kill(execution?.pid ?? 0, 'SIGKILL');
      const running = () =>
        JSON.parse(readFileSync(join(serve.info.dataDir, 'service.json'), 'utf8')) as ServiceInfo;
      await until(() => running().execution?.pid !== execution?.pid || serve.child.exitCode !== null);
      expect(serve.child.exitCode).toBeNull();
      expect(serve.log()).toContain('TAKEN OVER, the link has ended');
    } finally {
      await serve.stop();
    }
  });
});
