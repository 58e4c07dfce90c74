/** Whoever reads the log may be slow, or gone: serving goes on. */

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { LogSink } from '../../src/server/log-sink';
import { describeIf } from '../support/needs';
import { startServeProcess } from '../support/serve-process';
import { openDoors, valueOf } from './fault-service';

describe('A service whose log nobody reads', () => {
  it('answers when the reader of stderr stalls, and when it is gone', async () => {
    const serve = await startServeProcess();
    const doors = openDoors(serve);
    const stderr = serve.child.stderr;
    await doors.secrets.addSecret({ name: 'A', content: valueOf('value') }, doors.admin());
    const list = async () => {
      const { secrets } = await doors.secrets.listSecretNames({}, doors.admin());
      return secrets.map(({ name }) => name);
    };
    stderr?.pause();
    // A pipe takes 64 KiB, which are some hundred lines at this level.
    for (let call = 0; call < 600; call++) expect(await list()).toEqual(['A']);
    stderr?.destroy();
    for (let call = 0; call < 20; call++) expect(await list()).toEqual(['A']);
    doors.close();
    expect(await serve.stop()).toBe(0);
  });

  it('keeps lines up to a bound, and tells how many it dropped beyond', async () => {
    // A pipe to a process that reads nothing until it is told to.
    const reader = spawn('sh', ['-c', 'read go <&3; cat'], { stdio: ['pipe', 'pipe', 'ignore', 'pipe'] });
    const pipe = reader.stdin as unknown as Socket;
    const sink = new LogSink(pipe, 'test', { maxWaitingBytes: 10_000 });
    const line = `${'x'.repeat(999)}\n`;
    for (let written = 0; written < 2_000; written++) sink.write(line);
    const { dropped } = sink;
    expect(dropped).toBeGreaterThan(1_000);
    let read = '';
    reader.stdout?.on('data', (chunk: Buffer) => (read += chunk.toString()));
    (reader.stdio[3] as Socket).end('go\n');
    while (pipe.writableLength > 0) await sleep(10);
    sink.write('last\n');
    pipe.end();
    await once(reader, 'close');
    const lines = read.split('\n');
    expect(lines.filter((one) => one === line.trim()).length).toBe(2_000 - dropped);
    expect(JSON.parse(lines.at(-3) ?? '')).toMatchObject({ level: 40, name: 'test', dropped });
    expect(lines.at(-2)).toBe('last');
    expect(sink.dropped).toBe(0);
  });
});

const missingTerminal =
  spawnSync('script', ['--version']).status === 0
    ? undefined
    : 'script, which makes a terminal, is not on this machine';

describeIf(missingTerminal, false, 'A program that logs to a terminal', () => {
  it('goes on when the terminal is stopped', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'axiom-terminal-'));
    const done = join(folder, 'done');
    const logger = join(__dirname, '..', '..', 'dist', 'server', 'logger.js');
    const program = `
      const logger = require(${JSON.stringify(logger)}).createLogger('test', 'info');
      for (let line = 0; line < 20000; line++) logger.info({ line }, 'a line that nobody reads');
      require('node:fs').writeFileSync(${JSON.stringify(done)}, String(process.stderr.isTTY));
      setTimeout(() => {}, 60000);`;
    const command = `exec '${process.execPath}' -e '${program.replaceAll("'", "'\\''")}'`;
    // Nobody reads what the terminal shows: once the pipe is full, it takes no more.
    const terminal = spawn('script', ['-qc', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'ignore'] });
    try {
      for (let wait = 0; wait < 600 && !existsSync(done); wait++) await sleep(50);
      expect(existsSync(done)).toBe(true);
    } finally {
      terminal.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
