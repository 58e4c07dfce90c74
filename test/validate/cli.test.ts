/** `axiom validate` as a command: output for people and machines, exit codes, --strict and --fix. */
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { parseManifest } from '../../src/manifest/parse';
import { registerValidate } from '../../src/cli/validate';
import { asText } from '../../src/validate/report/format';
import { validatePackage } from '../../src/validate/validate';
import { CORPUS } from './corpus';

let folder: string;
const exitCode = process.exitCode;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'validate-'));
  cpSync(join(CORPUS, 'python-greeter'), folder, { recursive: true });
  mkdirSync(join(folder, 'messages'));
  const { readable } = parseManifest(manifest());
  const messages = new Set(readable?.nodes.flatMap(({ input, output }) => [input, output]));
  const lines = [...messages].map((name) => `message ${name} {}`);
  writeFileSync(join(folder, 'messages', 'messages.proto'), `syntax = "proto3";\n${lines.join('\n')}\n`);
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  process.exitCode = exitCode;
});

/** Runs the command in this process; what it prints and how it ends. */
async function validate(...args: string[]): Promise<{ stdout: string; stderr: string; code: unknown }> {
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    jest.spyOn(process[stream], 'write').mockImplementation((text) => {
      written[stream] += String(text);
      return true;
    }),
  );
  const program = new Command('axiom').version('0.0.0').exitOverride();
  registerValidate(program);
  try {
    await program.parseAsync(['node', 'axiom', 'validate', ...args]);
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return { ...written, code: process.exitCode };
}

const manifest = () => readFileSync(join(folder, 'axiom.yaml'), 'utf8');

describe('axiom validate', () => {
  it('warns and does not fail when a name referenced in code is missing from the list', async () => {
    const { stdout, code } = await validate(folder);
    expect(stdout).toMatch(
      /nodes\/farewell\.py:8:17: warning: FAREWELL_TOKEN is read here.* \[undeclared-secret\]\n/,
    );
    expect(stdout).toContain('2 reads of 2 secrets: 0 errors, 3 warnings');
    expect(code).toBe(0);
  });

  it('shows the line with carets under the read', async () => {
    const { stdout } = await validate(join(folder, 'nodes'));
    expect(stdout).toMatch(/ {4}8 \| {5}value, ok = ax\.secrets\.get\(\n {6}\| {17}\^{15}\n/);
  });

  it('fails on warnings with --strict', async () => {
    expect((await validate(folder, '--strict')).code).toBe(1);
  });

  it('always fails on a broken manifest, and says where and what to do', async () => {
    writeFileSync(join(folder, 'axiom.yaml'), manifest().replace('language: python', 'language: py'));
    const { stdout, code } = await validate(folder);
    expect(stdout).toContain('axiom.yaml:4:11: error: "language" is "py"; write "python"');
    expect(code).toBe(1);
  });

  it('says what to do where there is no package', async () => {
    await expect(validate(tmpdir())).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: `no axiom.yaml in ${tmpdir()} or above it; go to a package's folder and try again`,
    });
  });

  it('prints reads and findings as one line of JSON', async () => {
    const { stdout } = await validate(folder, '--json');
    expect(stdout).toMatch(/^\{.*\}\n$/);
    const report = JSON.parse(stdout) as { reads: unknown[]; findings: unknown[] };
    expect(Object.keys(report)).toEqual(['reads', 'findings']);
    expect(report.reads[0]).toEqual({
      file: 'nodes/farewell.py',
      line: 8,
      column: 17,
      name: 'FAREWELL_TOKEN',
      kind: 'literal',
      nodes: ['Farewell'],
    });
    expect(Object.keys(report.findings[0] as object)).toEqual([
      'rule',
      'severity',
      'file',
      'line',
      'column',
      'message',
    ]);
  });

  it('prints findings as SARIF', async () => {
    const log = JSON.parse((await validate(folder, '--sarif')).stdout) as {
      version: string;
      runs: { results: { ruleId: string; level: string; locations: object[] }[] }[];
    };
    expect(log.version).toBe('2.1.0');
    expect(log.runs[0]?.results.map((r) => [r.ruleId, r.level])).toEqual([
      ['undeclared-secret', 'warning'],
      ['secret-in-message', 'warning'],
      ['unread-secret', 'warning'],
    ]);
    expect(log.runs[0]?.results[0]?.locations[0]).toEqual({
      physicalLocation: {
        artifactLocation: { uri: 'nodes/farewell.py', uriBaseId: 'PACKAGE' },
        region: { startLine: 8, startColumn: 17, endColumn: 32 },
      },
    });
  });

  it('adds undeclared names with --fix and leaves comments and order alone', async () => {
    const before = manifest();
    const { stderr } = await validate(folder, '--fix');
    expect(stderr).toBe('axiom.yaml: Farewell now declares FAREWELL_TOKEN\n');
    expect(manifest()).toBe(before.replace('[GREETER_SIGNATURE]', '[GREETER_SIGNATURE, FAREWELL_TOKEN]'));
    const fixed = manifest();
    await validate(folder, '--fix');
    expect(manifest()).toBe(fixed);
  });

  it('colours for a terminal only, and never lets a source drive it', async () => {
    const node = join(folder, 'nodes', 'farewell.py');
    writeFileSync(node, readFileSync(node, 'utf8').replace('value, ok', 'value, ok\u001b[2J'));
    const report = await validatePackage(folder);
    expect(asText(report, false)).not.toContain('\u001b');
    expect(asText(report, true)).toContain('\u001b[33mwarning\u001b[0m');
    expect(asText(report, true)).not.toContain('\u001b[2J');
  });
});
