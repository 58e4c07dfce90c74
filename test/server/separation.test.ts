/** The management server's process never holds what could open a value. */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openFiles } from '../support/open-files';
import { startServeProcess, type ServeProcess } from '../support/serve-process';

const DIST = join(__dirname, '..', '..', 'dist');
/** Everything that can open: keyrings, KEK providers, private halves, and who uses them. */
const OPENING = /\/dist\/(crypto\/(open|kek)\/|crypto\/tink\/(hybrid-decrypt|generate)|execution\/)/;

/** What the entry of a server process has loaded before its first message. */
function modulesOf(entry: string): string[] {
  const script = `require(${JSON.stringify(join(DIST, 'server', entry))});
    process.stdout.write(JSON.stringify(Object.keys(require.cache)));
    process.exit(0);`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as string[];
}

describe('Two processes', () => {
  it('the management server loads no code that opens', () => {
    const modules = modulesOf('management-main.js');
    expect(modules.length).toBeGreaterThan(50);
    expect(modules.filter((path) => OPENING.test(path))).toEqual([]);
  });

  it('and the check would notice: the execution server does', () => {
    expect(modulesOf('execution-main.js').filter((path) => OPENING.test(path)).length).toBeGreaterThan(5);
  });
});

describe('A running management server', () => {
  let serve: ServeProcess;
  beforeAll(async () => void (serve = await startServeProcess()));
  afterAll(() => serve.stop());

  it('is another process than the execution server, with the command as parent of both', () => {
    for (const { pid } of [serve.info.management, serve.info.execution]) {
      expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(
        new RegExp(`^PPid:\\s+${serve.child.pid}$`, 'm'),
      );
    }
  });

  it('may, like the execution server, ask V8 to collect: what gives memory back needs that', () => {
    for (const { pid } of [serve.info.management, serve.info.execution])
      expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')).toContain('--expose-gc');
  });

  it('has neither the KEK nor the CA key open, and got no path to them', () => {
    const { pid } = serve.info.management;
    const open = openFiles(pid);
    expect(open.filter((path) => path.includes('store.sqlite')).length).toBeGreaterThan(0);
    expect(open.filter((path) => /kek|ca\.key/.test(path))).toEqual([]);
    expect(readFileSync(`/proc/${pid}/maps`, 'utf8')).not.toMatch(/kek/);
    for (const file of ['cmdline', 'environ'])
      expect(readFileSync(`/proc/${pid}/${file}`, 'utf8')).not.toMatch(/kek/i);
  });
});
