/** The masked prompt, on a real pseudo-terminal (Python's pty). */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeIf, isRequired } from '../support/needs';
import { AXIOM_MAIN, startServeProcess, type ServeProcess } from '../support/serve-process';
import { storedValues } from '../support/stored-values';
import { runProgram, Shell } from './axiom';

const hasPython = spawnSync('python3', ['-c', 'import pty']).status === 0;
const NO_PTY = hasPython ? undefined : 'python3 with its pty module is not on this machine';
const ENTER = '\r';
const CTRL_C = '\x03';
const CTRL_D = '\x04';
const PEM = `-----BEGIN PRIVATE KEY-----\n${['canary-1', 'canary-2', 'canary-3'].join('\n')}\n-----END PRIVATE KEY-----`;

let serve: ServeProcess;
let shell: Shell;

beforeAll(async () => {
  serve = await startServeProcess();
  shell = new Shell({ AXIOM_DATA_DIR: serve.info.dataDir });
});

afterAll(async () => {
  shell.remove();
  await serve.stop();
});

/** stdout is the whole screen. The typed text goes to the test's own helper by a variable, not to axiom. */
const onTerminal = (args: string[], typed: string, env: NodeJS.ProcessEnv = shell.env) =>
  runProgram('python3', [join(__dirname, 'prompt.py'), process.execPath, AXIOM_MAIN, ...args], {
    env: { ...env, TYPED: typed },
    cwd: shell.folder,
  });

describeIf(NO_PTY, isRequired('python'), 'On a terminal, the value is asked for', () => {
  it('and masked: stars, never the value', async () => {
    const { code, stdout } = await onTerminal(['secrets', 'add', 'PROMPTED'], `canary-7${ENTER}`);
    expect(code).toBe(0);
    expect(stdout).toContain('Value of PROMPTED: ');
    expect(stdout).toMatch(/\*{3}/);
    expect(stdout).not.toContain('canary');
    expect(stdout).toContain('added PROMPTED: shorter than 64 bytes');
  });

  it('and nothing is sent when it is not given', async () => {
    const env = { ...shell.env, LEFT: '1' };
    const { code, stdout } = await onTerminal(['secrets', 'add', 'CANCELLED'], `canary-7${CTRL_C}`, env);
    expect(code).toBe(130);
    expect(stdout).toContain("echo: True left: b''");
    expect(stdout).not.toMatch(/^\s+at |canary/m);
    for (const typed of [CTRL_D, `canary-7${CTRL_D}`, ENTER, `canary-7\x15${ENTER}`]) {
      const ended = await onTerminal(['secrets', 'add', 'CANCELLED'], typed, env);
      expect(ended.code).toBe(1);
      expect(ended.stdout).toContain('error: nothing was entered, and nothing was stored');
      expect(ended.stdout).toContain("echo: True left: b''");
      expect(ended.stdout).not.toContain('canary');
    }
    expect((await shell.run(['secrets', 'list'])).stdout).not.toContain('CANCELLED');
  });

  it.each([
    ['without a newline at its end', PEM],
    ['with a newline at its end', `${PEM}\n`],
  ])('and a PEM of five lines that is pasted is taken whole, masked: %s', async (what, pem) => {
    const name = `PASTED_${what.replaceAll(/\W/g, '_')}`;
    const env = { ...shell.env, PASTED: pem, LEFT: '1' };
    const { code, stdout } = await onTerminal(['secrets', 'add', name, '--strict'], ENTER, env);
    expect(stdout).toContain('[5 lines]');
    expect(stdout).toContain(`added ${name}`);
    expect(stdout).toContain("echo: True left: b''");
    expect(stdout).not.toMatch(/canary|BEGIN/);
    expect(code).toBe(0);
    expect((await storedValues(serve.info))[name]).toBe(pem);
  });

  it('and where the terminal does not mark what is pasted, several lines are refused and reach no shell', async () => {
    const env = { ...shell.env, PASTED: PEM, MARKS: '0', LEFT: '1' };
    const { code, stdout } = await onTerminal(['secrets', 'add', 'UNMARKED'], ENTER, env);
    expect(code).toBe(2);
    expect(stdout.replaceAll('\r\n', '\n')).toContain(
      'error: several lines came at once and this terminal does not mark what is pasted, so nothing was stored; use --file, or send the value to stdin\n',
    );
    expect(stdout).toContain("echo: True left: b''");
    expect(stdout).not.toMatch(/canary|BEGIN/);
    expect((await shell.run(['secrets', 'list'])).stdout).not.toContain('UNMARKED');
  });

  it('and a key that is pasted with its newline is taken, with and without the marks', async () => {
    for (const [name, MARKS, typed] of [
      ['LINE_MARKED', '1', ENTER],
      ['LINE_UNMARKED', '0', ''],
    ] as const) {
      const env = { ...shell.env, PASTED: 'canary-key-1\n', MARKS };
      const { code, stdout } = await onTerminal(['secrets', 'add', name], typed, env);
      expect([code, stdout.includes('canary')]).toEqual([0, false]);
      expect(stdout.includes('warning: the value ends with a line break')).toBe(MARKS === '1');
    }
    expect(await storedValues(serve.info)).toMatchObject({
      LINE_MARKED: 'canary-key-1\n',
      LINE_UNMARKED: 'canary-key-1',
    });
  });

  it('and what a terminal sends in place of one Enter is one', async () => {
    for (const [name, typed] of [
      ['CR_LF', 'canary-key-1\r\n'],
      ['CR_CR', 'canary-key-1\r\r'],
      ['LF', 'canary-key-1\n'],
    ] as const) {
      const { code, stdout } = await onTerminal(['secrets', 'add', name], typed, { ...shell.env, LEFT: '1' });
      expect([name, code, stdout.includes('canary')]).toEqual([name, 0, false]);
      expect(stdout).toContain("echo: True left: b''");
      expect((await storedValues(serve.info))[name]).toBe('canary-key-1');
    }
    const { code } = await onTerminal(['secrets', 'add', 'CR_CR_MORE'], 'canary-1\r\rcanary-2\r');
    expect(code).toBe(2);
  });

  it('and each line break of a paste is one newline, whatever it was; of a file from Windows two, which is warned of', async () => {
    const paste = (text: string) => `\x1b[200~${text}\x1b[201~${ENTER}`;
    const pem = PEM.replaceAll('\n', '\r\n');
    for (const [name, typed, stored, isWarned] of [
      ['PASTED_CRLF', pem, PEM, false],
      ['PASTED_CR', PEM.replaceAll('\n', '\r'), PEM, false],
      ['PASTED_CR_CR', pem.replaceAll('\n', '\r'), PEM.replaceAll('\n', '\n\n'), true],
    ] as const) {
      const { code, stdout } = await onTerminal(['secrets', 'add', name], paste(typed));
      expect([name, code, stdout.includes('canary')]).toEqual([name, 0, false]);
      expect(stdout.includes('every second line of the value is empty')).toBe(isWarned);
      expect((await storedValues(serve.info))[name]).toBe(stored);
    }
  });

  it('and a paste that ends in an escape or in what looks like a mark has its end all the same', async () => {
    for (const [name, pasted] of [
      ['ENDS_IN_ESCAPE', 'canary-9\x1b'],
      ['ENDS_IN_HALF_A_MARK', 'canary-9\x1b[20'],
      ['ENDS_IN_TWO_ESCAPES', 'canary-9\x1b\x1b'],
    ] as const) {
      const { code, stdout } = await onTerminal(['secrets', 'add', name], ENTER, {
        ...shell.env,
        PASTED: pasted,
      });
      expect([name, code, stdout.includes('canary')]).toEqual([name, 0, false]);
      expect((await storedValues(serve.info))[name]).toBe(pasted);
    }
  });

  it('and keys that correct what was typed do so, by whole characters', async () => {
    const typed = `wrong\x15päß\x7f\x7fssword-8\x1b[D${ENTER}`;
    expect((await onTerminal(['secrets', 'add', 'CORRECTED'], typed)).code).toBe(0);
    expect((await storedValues(serve.info))['CORRECTED']).toBe('pssword-8');
  });

  it('and keys that do nothing here leave nothing: F1 in three terminals, arrows, Home, Escape before a paste', async () => {
    const keys = ['\x1bOP', '\x1b[[A', '\x1b[11~', '\x1bOA', '\x1b[1;5D', '\x1bOH', '\x1ba', '\x1b'];
    const typed = `canary${keys.join('')}\x1b[200~-7\x1b[201~${ENTER}`;
    expect((await onTerminal(['secrets', 'add', 'KEYS'], typed)).code).toBe(0);
    expect((await storedValues(serve.info))['KEYS']).toBe('canary-7');
  });

  it.each([
    ['Escape', '\x1b'],
    ['half a sequence', '\x1b['],
  ])('and Ctrl-C is heard after %s', async (_, key) => {
    expect((await onTerminal(['secrets', 'add', 'ESCAPED'], `canary-7${key}${CTRL_C}`)).code).toBe(130);
  });

  it.each(['SIGINT', 'SIGQUIT', 'SIGTERM'] as const)(
    'and %s from another program ends it with the terminal set back',
    async (signal) => {
      const number = constants.signals[signal];
      const env = { ...shell.env, LEFT: '1', KILLED_BY: String(number) };
      const { code, stdout } = await onTerminal(['secrets', 'add', 'KILLED'], '', env);
      expect([code, stdout]).toEqual([128 + number, expect.stringContaining("echo: True left: b''")]);
      // Pastes are marked for nobody any more.
      expect(stdout).toContain('\x1b[?2004l');
    },
  );

  it('and Ctrl-Z stops it with the terminal set back, and what was typed is there again after fg', async () => {
    const { code, stdout } = await runProgram(
      'python3',
      [join(__dirname, 'stop-at-prompt.py'), process.execPath, AXIOM_MAIN, 'secrets', 'add', 'STOPPED'],
      { env: shell.env, cwd: shell.folder },
    );
    expect(stdout).toContain('echoes while it is stopped');
    expect([code, stdout.includes('canary')]).toEqual([0, false]);
    expect((await storedValues(serve.info))['STOPPED']).toBe('canary-1\ncanary-2');
  });

  it('on one row of a terminal that is narrower than the prompt', async () => {
    const env = { ...shell.env, COLUMNS_OF_TERMINAL: '16' };
    const { code, stdout } = await onTerminal(['secrets', 'add', 'A_LONG_NAME'], `canary-7${ENTER}`, env);
    expect(code).toBe(0);
    const rows = stdout.split('\r').filter((row) => row.endsWith('\x1b[K'));
    expect(rows[0]).toBe('< A_LONG_NAME: \x1b[K');
    expect(Math.max(...rows.map((row) => [...row.replace('\x1b[K', '')].length))).toBeLessThan(16);
  });

  it('without a sequence on a dumb terminal, which shows nothing of what is typed', async () => {
    const env = { ...shell.env, TERM: 'dumb' };
    const { code, stdout } = await onTerminal(['secrets', 'add', 'DUMB'], `canary-7${ENTER}`, env);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^Value of DUMB: \r\nadded DUMB: [^\x1b]*\r\n$/),
    ]);
  });

  it('and a paste of a megabyte is refused as too long, and nothing of it left', async () => {
    const env = { ...shell.env, PASTED_TIMES: '150000', PASTED: 'canary\n', LEFT: '1' };
    const { code, stdout } = await onTerminal(['secrets', 'add', 'TOO_LONG'], ENTER, env);
    expect(code).toBe(2);
    expect(stdout).toContain('error: the value is longer than any may be, and nothing was stored');
    expect(stdout).toContain("echo: True left: b''");
    expect(stdout).not.toContain('canary');
  });

  it('and in a locale without UTF-8, on 40 columns, all that shows is ASCII', async () => {
    const env = { ...shell.env, LC_ALL: 'C', COLUMNS_OF_TERMINAL: '40' };
    const prompted = await onTerminal(['configs', 'override', 'flöw/eu', 'NAME'], CTRL_D, env);
    expect(prompted.stdout).toContain('Value of NAME for fl\\u00f6w/eu: ');
    const listed = await onTerminal(['api-keys', 'list'], '', env);
    expect(listed.stdout).toMatch(/axk_\w{4}\.\.\.\w{4}/);
    for (const { stdout } of [prompted, listed]) expect(stdout).not.toMatch(/[^\n\r\x1b -~]/);
    const whole = await onTerminal(['api-keys', 'list'], '', { ...env, LC_ALL: 'C.UTF-8' });
    expect(whole.stdout).toMatch(/axk_\w{4}…\w{4}/);
  });

  it('but not before the name is known to be one', async () => {
    const { code, stdout } = await onTerminal(['secrets', 'add', 'NAME=canary-7'], ENTER);
    expect(code).toBe(7);
    expect(stdout).not.toContain('canary');
  });

  it('as is the API key of a login', async () => {
    const key = readFileSync(serve.info.adminApiKeyFile, 'utf8').trim();
    const { AXIOM_DATA_DIR: _folder, ...env } = shell.env;
    const args = ['login', '--address', serve.info.management.address, '--ca', serve.info.caCertificate];
    const { code, stdout } = await onTerminal(args, `${key}${ENTER}`, env);
    expect(code).toBe(0);
    expect(stdout).toContain('API key: ');
    expect(stdout).toMatch(/\*{3}/);
    expect(stdout).not.toContain(key.slice(8));
    expect(stdout).toMatch(/admin of tenant default/);
  });
});
