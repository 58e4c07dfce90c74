/** Values never enter argv, environments, logs, error messages, answers or files: a canary is put in, and searched for. */

import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pino from 'pino';
import { SecretValue } from '../../src/domain/secret-value';
import { SerializedMessage } from '../../src/domain/serialized';
import { filesBelow, formsOf, newCanary, processPlaces, sweep, type Place } from '../support/canary';
import { AXIOM_MAIN, startServeProcess, type ServeProcess } from '../support/serve-process';

const ROOT = join(__dirname, '..', '..');

const folder = mkdtempSync(join(tmpdir(), 'axiom-canary-'));
const dataDir = join(folder, 'data');
const temporary = join(folder, 'tmp');
const canary = newCanary();
const override = newCanary();
const output: Place[] = [];
let serve: ServeProcess;
const running: Place[] = [];

/** Everything runs with a temporary folder of its own, so that what it leaves there can be searched. */
const env = {
  ...process.env,
  AXIOM_DATA_DIR: dataDir,
  TMPDIR: temporary,
  XDG_CONFIG_HOME: join(folder, 'config'),
};

beforeAll(async () => {
  mkdirSync(temporary);
  serve = await startServeProcess(dataDir, env);
});

afterAll(async () => {
  await serve.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a command with a value on its stdin, and keeps what it printed. */
async function axiom(
  args: readonly string[],
  input = '',
  cwd = ROOT,
): Promise<{ code: number; stdout: string }> {
  const child = spawn(process.execPath, [AXIOM_MAIN, ...args], { env, cwd, stdio: 'pipe' });
  child.stdin.end(input);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const looking = setInterval(() => {
    if (child.pid !== undefined && child.exitCode === null) running.push(...look(child.pid));
  }, 100);
  const code = await new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? -1)));
  clearInterval(looking);
  output.push({ name: `stdout of ${args.join(' ')}`, contents: Buffer.from(stdout) });
  output.push({ name: `stderr of ${args.join(' ')}`, contents: Buffer.from(stderr) });
  return { code, stdout };
}

function look(pid: number): Place[] {
  try {
    return processPlaces(pid);
  } catch {
    return []; // it ended while we looked
  }
}

describe('A saved value never shows anywhere but in node code', () => {
  it('takes the canary in through every way there is, and lets a node read it', async () => {
    expect((await axiom(['secrets', 'add', 'GREETER_SIGNATURE'], canary)).code).toBe(0);
    expect((await axiom(['secrets', 'add', 'GREETER_SIGNATURE'], canary)).code).toBe(4);
    expect((await axiom(['secrets', 'replace', 'GREETER_SIGNATURE', '--json'], canary)).code).toBe(0);
    expect((await axiom(['secrets', 'add', 'bad name'], canary)).code).toBe(7);
    expect((await axiom(['secrets', 'replace', 'MISSING'], canary)).code).toBe(3);
    expect(
      (
        await axiom(
          ['secrets', 'import', '-', '--format', 'json'],
          JSON.stringify({ IMPORTED: canary, 'bad name': canary }),
        )
      ).code,
    ).toBe(2);
    expect((await axiom(['secrets', 'import', '-', '--format', 'json'], `{"IMPORTED": ${canary}`)).code).toBe(
      2,
    );
    expect((await axiom(['configs', 'create', 'axiom-run', 'eu'])).code).toBe(0);
    expect((await axiom(['configs', 'override', 'axiom-run/eu', 'GREETER_SIGNATURE'], override)).code).toBe(
      0,
    );

    const example = join(folder, 'greeter');
    cpSync(join(ROOT, 'examples', 'greeter-typescript'), example, { recursive: true });
    const run = ['run', 'Greet', '--input', '{"name":"Ada"}', '--log-level', 'trace'];
    const plain = await axiom(run, '', example);
    expect(JSON.parse(plain.stdout)).toEqual({ greeting: `Hello Ada, from ${canary}` });
    const overridden = await axiom([...run, '--config', 'eu'], '', example);
    expect(JSON.parse(overridden.stdout)).toEqual({ greeting: `Hello Ada, from ${override}` });
    // The node's own answer is where the value belongs: it is taken out of what is searched.
    for (const { stdout } of [plain, overridden])
      output.splice(
        output.findIndex((place) => place.contents.equals(Buffer.from(stdout))),
        1,
      );
  });

  it('shows in no list, no audit event, no usage figure', async () => {
    for (const list of [
      ['secrets', 'list'],
      ['secrets', 'usage'],
      ['configs', 'list'],
      ['audit'],
      ['packages', 'list'],
      ['api-keys', 'list'],
    ]) {
      expect((await axiom([...list, '--json'])).code).toBe(0);
    }
  });

  it('is in no log, message, argument, environment or file, in any form', () => {
    const places = [
      ...output,
      ...running,
      ...processPlaces(serve.child.pid ?? 0),
      { name: 'log of axiom serve', contents: Buffer.from(serve.log()) },
      ...filesBelow(dataDir),
      ...filesBelow(temporary),
    ];
    expect(places.length).toBeGreaterThan(30);
    expect(serve.log()).toContain('SecretsService/AddSecret');
    expect(sweep([canary, override], places)).toEqual([]);
  });
});

describe('The sweep would find a leak', () => {
  it.each(formsOf(newCanary()).map(({ form }) => form))('in the form %s', (form) => {
    const leaked = newCanary();
    const { needle = '' } = formsOf(leaked).find((one) => one.form === form) ?? {};
    const path = join(temporary, 'leak');
    writeFileSync(path, `some text ${needle} more text`);
    expect(sweep([leaked], filesBelow(temporary))).toContain(`${path}: ${form}`);
    rmSync(path);
  });

  it('with the redaction of values switched off', () => {
    const leaked = newCanary();
    const value = SecretValue.parse(Buffer.from(leaked));
    const lines: string[] = [];
    const logger = pino({}, { write: (line: string) => void lines.push(line) });
    const log = () => {
      lines.length = 0;
      logger.info({ value }, `a value: ${inspect(value)}`);
      return sweep([leaked], [{ name: 'log', contents: Buffer.from(lines.join('')) }]);
    };
    expect(log()).toEqual([]);
    const redacted = SecretValue.prototype.toJSON;
    SecretValue.prototype.toJSON = function (this: SecretValue) {
      return Buffer.from(this.expose()).toString('utf8');
    };
    try {
      expect(log()).not.toEqual([]);
    } finally {
      SecretValue.prototype.toJSON = redacted;
    }
  });
});

describe('Types that hold values print [REDACTED]', () => {
  const canaryBytes = Buffer.from(newCanary());
  it.each([
    ['SecretValue', SecretValue.parse(canaryBytes)],
    ['SerializedMessage', new SerializedMessage([canaryBytes])],
  ])('%s, when logged, inspected, stringified or thrown', (_name, held) => {
    const thrown = new Error(`failed with ${String(held)}`, { cause: held });
    const shown = [
      String(held),
      `${held as never}`,
      JSON.stringify({ held }),
      inspect({ held }, { showHidden: true, depth: 9 }),
      inspect(thrown),
    ];
    for (const text of shown) expect(text).toContain('[REDACTED]');
    expect(
      sweep([canaryBytes.toString()], [{ name: 'printed', contents: Buffer.from(shown.join('\n')) }]),
    ).toEqual([]);
  });
});
