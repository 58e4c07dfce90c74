/** README's "Use it", run line by line as it is written, and its words for the command. */

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itWith } from '../support/needs';
import { ROOT, runProgram } from './axiom';

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const useIt = README.slice(README.indexOf('## Use it'));
const [firstTerminal = '', secondTerminal = ''] = [...useIt.matchAll(/```sh\n([\s\S]*?)```/g)].map(
  ([, text]) => text,
);

let clone: string;
let registry: Server;
const askedFor: string[] = [];
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  // What a clone has: the lines write beside the examples.
  clone = mkdtempSync(join(tmpdir(), 'axiom-readme-'));
  symlinkSync(join(ROOT, 'bin'), join(clone, 'bin'));
  cpSync(join(ROOT, 'examples', 'greeter-python'), join(clone, 'examples', 'greeter-python'), {
    recursive: true,
    filter: (path) => !/\/(gen|\.axiom|\.venv|__pycache__)$/.test(path),
  });
  // Knows no package, and remembers what it was asked for.
  registry = createServer((request, response) => {
    askedFor.push(decodeURIComponent(request.url ?? ''));
    response.writeHead(404).end('{}');
  }).listen(0, '127.0.0.1');
  await once(registry, 'listening');
  const clean = Object.entries(process.env).filter(([name]) => !/^(AXIOM|npm)_/.test(name));
  env = {
    ...Object.fromEntries(clean),
    XDG_CONFIG_HOME: join(clone, 'config'),
    // Where and how, so that the ports of whatever else runs here are left alone.
    AXIOM_MANAGEMENT_ADDRESS: '127.0.0.1:0',
    AXIOM_EXECUTION_ADDRESS: '127.0.0.1:0',
    AXIOM_CONSOLE_ADDRESS: '127.0.0.1:0',
  };
});

afterAll(() => {
  registry.close();
  rmSync(clone, { recursive: true, force: true });
});

/** Of a process, or of a group of them where the number is negative. */
function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('Use it', () => {
  let terminal: ChildProcess;

  // What the last line of the first terminal starts is what Ctrl-C ends there.
  beforeAll(async () => {
    terminal = spawn('bash', ['-e', '-c', firstTerminal], {
      cwd: clone,
      env,
      detached: true,
      stdio: 'ignore',
    });
    for (let wait = 0; wait < 600 && !existsSync(join(clone, 'data', 'service.json')); wait++)
      await sleep(100);
  });

  itWith('python', 'works line by line, with a value typed at each prompt', () => {
    const program = join(__dirname, 'type-at-prompts.py');
    const { status, stdout } = spawnSync('python3', [program, 'bash', '-e', '-c', secondTerminal], {
      cwd: clone,
      env: { ...env, TYPED: 'one of us\nthe EU team', PROMPT: 'Value of [^:]*: ' },
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([0, expect.stringContaining('GREETER_SIGNATURE')]);
    const greetings = stdout.split(/\r?\n/).filter((line) => line.startsWith('{"greeting"'));
    expect(greetings).toEqual([
      '{"greeting":"Hello Ada, from one of us"}',
      '{"greeting":"Hello Ada, from the EU team"}',
    ]);
    expect(stdout).toMatch(/GREETER_SIGNATURE +has it/);
  });

  it('ends with Ctrl-C in the first terminal, and leaves no process', async () => {
    const ended = once(terminal, 'exit');
    process.kill(-(terminal.pid ?? 0), 'SIGINT');
    expect((await ended)[0]).toBe(0);
    // What it started ends with it, and is asked for its exit code by another process.
    while (isThere(-(terminal.pid ?? 0))) await sleep(50);
  });
});

describe('The words for the command', () => {
  it('say nowhere `npx axiom`, which is another package of the registry where this one is not installed', () => {
    const pages = readdirSync(join(ROOT, 'docs')).filter((file) => file.endsWith('.md'));
    const printed = join('scripts', 'quickstart.mjs');
    for (const page of ['README.md', printed, ...pages.map((file) => join('docs', file))])
      expect([
        page,
        /npx (?:--no-install\s+)?axiom(?!-secrets)/.exec(readFileSync(join(ROOT, page), 'utf8')),
      ]).toEqual([page, null]);
  });

  it('reach nobody’s package in a folder without an installation: npm asks for ours by name, and runs nothing', async () => {
    const empty = join(clone, 'empty');
    mkdirSync(empty);
    const { port } = registry.address() as AddressInfo;
    const { code, stdout } = await runProgram('npx', ['--no-install', 'axiom-secrets', '--version'], {
      cwd: empty,
      env: {
        ...env,
        npm_config_registry: `http://127.0.0.1:${port}/`,
        npm_config_cache: join(clone, 'npm-cache'),
        npm_config_userconfig: join(clone, 'npmrc'),
        npm_config_update_notifier: 'false',
      },
    });
    expect([code === 0, stdout]).toEqual([false, '']);
    expect(askedFor.filter((url) => url !== '/axiom-secrets')).toEqual([]);
  });
});
