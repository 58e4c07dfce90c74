/** The installed package where its optional dependency buf was left out. */

import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROOT, runProgram, Shell } from '../cli/axiom';

let shell: Shell;
let example: string;

/** Links to all of a folder but one. */
function linkAllBut(left: string, from: string, to: string): void {
  mkdirSync(to);
  for (const name of readdirSync(from)) if (name !== left) symlinkSync(join(from, name), join(to, name));
}

beforeAll(() => {
  shell = new Shell();
  for (const part of ['dist', 'sdk-stubs', 'proto', 'package.json'])
    cpSync(join(ROOT, part), shell.path(part), {
      recursive: true,
      filter: (path) => !/\/(node_modules|target|\.venv|bin|obj)$/.test(path),
    });
  linkAllBut('@bufbuild', join(ROOT, 'node_modules'), shell.path('node_modules'));
  linkAllBut('buf', join(ROOT, 'node_modules', '@bufbuild'), shell.path('node_modules', '@bufbuild'));
  example = shell.path('greeter');
  cpSync(join(ROOT, 'examples', 'greeter-python'), example, {
    recursive: true,
    filter: (path) => !/\/(gen|\.axiom|__pycache__)$/.test(path),
  });
});

afterAll(() => shell.remove());

const axiom = (...args: string[]) =>
  runProgram(process.execPath, [shell.path('dist', 'cli', 'main.js'), ...args], {
    cwd: example,
    env: { ...shell.env, AXIOM_JSON: '1' },
  });

const MISSING =
  "buf, which compiles a package's messages, is not installed; run `npm install @bufbuild/buf` where axiom-secrets is installed";

describe('Where buf is not installed', () => {
  it('nothing but an optional dependency is missing', () => {
    const { dependencies, optionalDependencies } = JSON.parse(
      readFileSync(join(ROOT, 'package.json'), 'utf8'),
    ) as Record<string, object>;
    expect(Object.keys(optionalDependencies ?? {})).toEqual(['@bufbuild/buf']);
    expect(dependencies).not.toHaveProperty('@bufbuild/buf');
  });

  it.each([['generate'], ['test'], ['run', 'Greet']])('`axiom %s` says what to install', async (...args) => {
    const { code, error } = await axiom(...args);
    expect([code, error]).toEqual([
      7,
      expect.objectContaining({ code: 'FAILED_PRECONDITION', reason: 'BUF_MISSING', message: MISSING }),
    ]);
  });

  it('`axiom validate` reads the code, and tells that messages are not read', async () => {
    const { code, json } = await axiom('validate', '--json');
    expect(code).toBe(0);
    expect(json.reads).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'GREETER_SIGNATURE' })]),
    );
    expect(json.findings).toEqual(
      expect.arrayContaining([expect.objectContaining({ rule: 'messages-unread', message: MISSING })]),
    );
  });
});
