/** The end comes when it is asked for, whatever peers do, and nothing is left behind. */

import { describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning } from '../support/child-processes';
import { until } from '../sidecar/support/rig';
import { AXIOM_MAIN, FREE_PORTS, startServeWith } from '../support/serve-process';
import { silentConnections, slowBodies } from './attacks';
import { doorsOf, withApiKey } from './target';

const ENDED = { code: 0, signal: null };
const KILLED = { code: null, signal: 'SIGTERM' };
/** What the drain grants: whoever waits for a peer takes at least as long. */
const DRAIN_MS = 10_000;

describe('SIGTERM', () => {
  it('ends the service beside silent connections and half-sent calls on every door', async () => {
    const serve = await startServeWith({});
    const doors = doorsOf(serve.info);
    const all = [doors.management, doors.console, doors.execution, doors.operator];
    const attacks = [
      ...(await Promise.all(all.map((door) => silentConnections(20, false).begin(door)))),
      ...(await Promise.all(all.map((door) => slowBodies.begin(door)))),
      await slowBodies.begin(withApiKey(doors.management, serve.info)),
    ];
    await sleep(300);
    serve.child.kill('SIGTERM');
    await until(() => serve.log().includes('"stopping"'));
    // One that waits for its peers never ends; and a signal that comes again, as groups of processes send it, cuts nothing.
    expect(await serve.stop()).toBe(0);
    attacks.forEach((attack) => attack.end());
  });

  it('does not wait for an idle tab of the console', async () => {
    const serve = await startServeWith({});
    const { console: door } = doorsOf(serve.info);
    const tab = connectHttp2(`https://${door.address}`, { ...door.tls, servername: 'localhost' });
    tab.on('error', () => undefined);
    const stream = tab.request({ ':path': '/console/login-methods' });
    stream.resume();
    await once(stream, 'close');
    const begun = performance.now();
    const code = await serve.stop();
    const waited = performance.now() - begun >= DRAIN_MS;
    expect({ code, waited }).toEqual({ code: 0, waited: false });
    tab.destroy();
  });

  it.each([50, 150, 300, 600, 1_000, 2_000])('%s ms after the start it ends it cleanly', async (afterMs) => {
    const begins = 2 * (await nodeBegins());
    const folder = mkdtempSync(join(tmpdir(), 'axiom-stopping-'));
    const child = spawn(
      process.execPath,
      [AXIOM_MAIN, 'serve', '--data-dir', folder, '--json', ...FREE_PORTS],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    let log = '';
    child.stderr.on('data', (bytes: Buffer) => (log += bytes.toString()));
    await sleep(begins + afterMs);
    child.kill('SIGTERM');
    // Its pipes are closed, too: whatever it said has been read.
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    // Node may begin later than it was seen to: then the signal ends it, and nothing was begun.
    const hasBegun = log !== '' || readdirSync(folder).length > 0;
    expect({ code, signal }).toEqual(hasBegun || code === 0 ? ENDED : KILLED);
    expect(log).not.toMatch(/EPIPE|^\s+at /m);
    rmSync(folder, { recursive: true, force: true });
  });
});

describe('A parent that is killed', () => {
  it('leaves no server process behind, also when calls are under way', async () => {
    const serve = await startServeWith({});
    const { info, child } = serve;
    const attack = await slowBodies.begin(withApiKey(doorsOf(info).management, info));
    expect(await childrenAfterKill(child, [info.management.pid, info.execution.pid])).toEqual([]);
    attack.end();
    await serve.stop();
  });
});

/** How long Node takes to begin on this machine now: before that no program can answer a signal. */
async function nodeBegins(): Promise<number> {
  const begun = performance.now();
  await once(spawn(process.execPath, ['--eval', '']), 'exit');
  return performance.now() - begun;
}

/** @returns which of the processes are still there when their time is over. */
async function childrenAfterKill(parent: ChildProcess, pids: readonly number[]): Promise<readonly number[]> {
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  const end = performance.now() + DRAIN_MS;
  while (pids.some(isRunning) && performance.now() < end) await sleep(20);
  return pids.filter(isRunning);
}
