/** The blocks of docs/admin-clients.md, run as they are written against a real service. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fromBinary } from '@bufbuild/protobuf';
import { BadRequestSchema, ErrorInfoSchema } from '../../src/gen/google/rpc/error_details_pb';
import { BUILD_TIME_MS, describeWith } from '../support/needs';
import { AXIOM_MAIN, startServeProcess, type ServeProcess } from '../support/serve-process';

const ROOT = join(__dirname, '..', '..');
const PAGE = readFileSync(join(ROOT, 'docs', 'admin-clients.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'axiom-admin-clients-'));

let serve: ServeProcess;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  // So that the second wrong key is told when to try again.
  serve = await startServeProcess(undefined, process.env, AXIOM_MAIN, {
    flags: ['--max-failed-proofs', '1'],
  });
  const { adminApiKeyFile, caCertificate, management } = serve.info;
  mkdirSync(join(folder, 'bin'));
  symlinkSync(join(ROOT, 'node_modules', '.bin', 'buf'), join(folder, 'bin', 'buf'));
  env = {
    ...process.env,
    PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
    ADDRESS: management.address.replace('127.0.0.1', 'localhost'),
    AXIOM_CA: caCertificate,
    AXIOM_API_KEY_FILE: adminApiKeyFile,
    AXIOM_API_KEY: readFileSync(adminApiKeyFile, 'utf8').trim(),
    VALUE: 'typed elsewhere',
  };
});

afterAll(async () => {
  await serve.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The blocks of one language in one section of the page. */
function blocks(section: string, language: string): string[] {
  const text = PAGE.split(/^## /m).find((one) => one.startsWith(`${section}\n`)) ?? '';
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].flatMap(([, of, block = '']) =>
    of === language ? [block] : [],
  );
}

const block = (section: string, language: string) => blocks(section, language)[0] ?? '';

/** All lines of a block, whatever each ends with: some show failures. */
function shell(script: string, cwd: string, flags: string[] = []) {
  return spawnSync('bash', [...flags, '-c', script], { cwd, env, encoding: 'utf8' });
}

/** A folder with the contract in it, made as the page says. */
function projectFolder(name: string): string {
  const project = join(folder, name);
  mkdirSync(project);
  const made = shell(
    block('The contract in one file', 'sh').replace('axiom.binpb', join(project, 'axiom.binpb')),
    ROOT,
  );
  expect([made.status, made.stderr]).toEqual([0, '']);
  return project;
}

const linesBesidesImports = (program: string) =>
  program
    .replace(/^import \([\s\S]*?^\)/m, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^(import|from|package) /.test(line)).length;

describe('buf curl, with the door’s reflection', () => {
  it('asks for health, and shows the type and the content of each detail', () => {
    const [, bufCurl = ''] = blocks('Without a program', 'sh');
    const { stdout, stderr } = shell(bufCurl, folder);
    expect(JSON.parse(stdout)).toEqual({ status: 'SERVING' });
    const { code, details } = JSON.parse(stderr) as {
      code: string;
      details: { type: string; value: string }[];
    };
    expect([code, details.map((one) => one.type)]).toEqual([
      'invalid_argument',
      ['google.rpc.ErrorInfo', 'google.rpc.BadRequest'],
    ]);
    const [info = Buffer.of(), fields = Buffer.of()] = details.map(({ value }) =>
      Buffer.from(value, 'base64'),
    );
    expect(fromBinary(ErrorInfoSchema, info)).toMatchObject({
      reason: 'INVALID_FIELD',
      domain: 'secrets.axiom',
    });
    expect(fromBinary(BadRequestSchema, fields).fieldViolations.map((one) => one.field)).toEqual([
      'name',
      'value',
    ]);
  });
});

describeWith('go', 'grpcurl, with the door’s reflection', () => {
  beforeAll(() => {
    const program = [
      'build',
      '-o',
      join(folder, 'bin', 'grpcurl'),
      'github.com/fullstorydev/grpcurl/cmd/grpcurl',
    ];
    const cwd = join(__dirname, '..', 'testdata', 'grpcurl');
    const { status, stderr } = spawnSync('go', program, { cwd, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  }, BUILD_TIME_MS);

  it('asks for health, and shows a failure’s details decoded', () => {
    const { stdout, stderr } = shell(block('Without a program', 'sh'), folder);
    expect(JSON.parse(stdout)).toEqual({ status: 'SERVING' });
    expect(detailsIn(stderr)).toEqual([
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        domain: 'secrets.axiom',
        reason: 'INVALID_FIELD',
      },
      {
        '@type': 'type.googleapis.com/google.rpc.BadRequest',
        fieldViolations: [
          expect.objectContaining({ field: 'name' }),
          expect.objectContaining({ field: 'value', description: expect.stringMatching(/^is empty;/) }),
        ],
      },
    ]);
  });

  it('shows when to try again', () => {
    const wrong = `grpcurl -cacert "$AXIOM_CA" -H 'authorization: Bearer axk_${'0'.repeat(64)}' \
      "$ADDRESS" axiom.access.v1.AccessService/WhoAmI`;
    expect(detailsIn(shell(wrong, folder).stderr)).toMatchObject([{ reason: 'CREDENTIAL_NOT_IN_FORCE' }]);
    expect(detailsIn(shell(wrong, folder).stderr)).toMatchObject([
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo' },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: expect.stringMatching(/^[\d.]+s$/) },
    ]);
  });

  /** What grpcurl prints as a numbered list of indented JSON. */
  function detailsIn(stderr: string): unknown[] {
    return stderr
      .split(/^ {2}\d+\)/m)
      .slice(1)
      .map((text) => JSON.parse(text) as unknown);
  }
});

describeWith('python', 'The Python client', () => {
  it(
    'adds a secret, lists names and tells a failure’s reason, in twenty lines',
    () => {
      const project = projectFolder('python');
      const program = block('Python', 'python');
      expect(linesBesidesImports(program)).toBeLessThanOrEqual(20);
      writeFileSync(join(project, 'add_secret.py'), program);
      const { status, stdout, stderr } = shell(block('Python', 'sh'), project, ['-e']);
      expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^added NAME_FROM_PYTHON version \d+$/m);
      expect(stdout).toMatch(/^\[.*'NAME_FROM_PYTHON'.*\]$/m);
      const again = shell('printf x | venv/bin/python add_secret.py NAME_FROM_PYTHON', project);
      expect([again.status, again.stderr]).toEqual([
        1,
        expect.stringMatching(/^ALREADY_EXISTS SECRET_EXISTS: secret NAME_FROM_PYTHON already exists;/m),
      ]);
    },
    BUILD_TIME_MS,
  );
});

describeWith('go', 'The Go client', () => {
  it(
    'adds a secret, lists names and tells a failure’s reason, in twenty lines',
    () => {
      const project = projectFolder('go');
      const program = block('Go', 'go');
      expect(linesBesidesImports(program)).toBeLessThanOrEqual(20);
      writeFileSync(join(project, 'main.go'), program);
      writeFileSync(join(project, 'buf.gen.yaml'), block('Go', 'yaml'));
      const { status, stdout, stderr } = shell(block('Go', 'sh'), project, ['-e']);
      expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^added NAME_FROM_GO version \d+\n(?:.+\n)*NAME_FROM_GO\n/m);
      const again = shell('printf x | go run . NAME_FROM_GO', project);
      expect([again.status, again.stderr]).toEqual([
        1,
        expect.stringMatching(/^AlreadyExists: secret NAME_FROM_GO already exists;.*SECRET_EXISTS/m),
      ]);
    },
    BUILD_TIME_MS,
  );
});
