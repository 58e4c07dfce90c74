import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { GeneratedFile } from '../../src/sdkgen/language';
import { staleFiles, writeFiles } from '../../src/sdkgen/write-files';
import { PackageFolder } from '../support/package-folder';

const CONTEXT: GeneratedFile = { path: 'gen/context.py', contents: 'new', write: 'always' };
const TEST: GeneratedFile = { path: 'nodes/greet_test.py', contents: 'template', write: 'once' };

let folder: PackageFolder;
let lines: string[];
const report = (line: string) => void lines.push(line);

beforeEach(() => {
  folder = new PackageFolder({});
  lines = [];
});
afterEach(() => folder[Symbol.dispose]());

describe('axiom generate writes into the package', () => {
  it('writes missing files, and nothing the second time', async () => {
    expect(await writeFiles(folder.root, [CONTEXT, TEST], report)).toMatchObject({
      written: ['gen/context.py', 'nodes/greet_test.py'],
    });
    const before = statSync(join(folder.root, 'gen/context.py')).ino;
    expect(await writeFiles(folder.root, [CONTEXT, TEST], report)).toEqual({
      written: [],
      unchanged: ['gen/context.py', 'nodes/greet_test.py'],
      kept: [],
    });
    expect(statSync(join(folder.root, 'gen/context.py')).ino).toBe(before);
    expect(lines).toEqual([]);
  });

  it('replaces a context that differs', async () => {
    folder.write('gen/context.py', 'older');
    await writeFiles(folder.root, [CONTEXT], report);
    expect(readFileSync(join(folder.root, 'gen/context.py'), 'utf8')).toBe('new');
    expect(readdirSync(join(folder.root, 'gen'))).toEqual(['context.py']);
  });

  it("never overwrites a node's test, and says so", async () => {
    folder.write('nodes/greet_test.py', 'mine');
    expect((await writeFiles(folder.root, [TEST], report)).kept).toEqual(['nodes/greet_test.py']);
    expect(readFileSync(join(folder.root, 'nodes/greet_test.py'), 'utf8')).toBe('mine');
    expect(lines).toEqual([expect.stringContaining('kept nodes/greet_test.py')]);
  });

  it('knows what is missing or stale without writing', async () => {
    folder.write('gen/context.py', 'older');
    expect(await staleFiles(folder.root, [CONTEXT, TEST])).toEqual(['gen/context.py', 'nodes/greet_test.py']);
    folder.write('nodes/greet_test.py', 'mine');
    await writeFiles(folder.root, [CONTEXT, TEST], report);
    expect(await staleFiles(folder.root, [CONTEXT, TEST])).toEqual([]);
  });

  it('writes nothing outside the package', async () => {
    const escape: GeneratedFile = { path: '../outside.txt', contents: '', write: 'always' };
    await expect(writeFiles(folder.root, [escape], report)).rejects.toThrow('outside the package');
  });
});
