/** Stubs and what fills them: `axiom generate` of a copy of the build whose stubs lack a mark says so. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Stub } from '../../src/sdkgen/stubs';

const ROOT = join(__dirname, '..', '..');

/** Of each language a stub, a piece of it that generation fills, and a package that needs it filled. */
const MARKS: readonly (readonly [language: string, stub: string, mark: string, packageName: string])[] = [
  ['Python', 'python/gen/axiom_context.py', '# axiom:declared-names', 'python-shapes'],
  ['Go', 'go/axiom/context.go', 'Reflection() Reflection', 'go-before-reflection'],
  ['Go', 'go/axiom/context.go', 'TenantID() string', 'go-agent-memory'],
  ['Go', 'go/host/invocation_context.go', 'packageName, version, nodeName string', 'go-doubles-old'],
  ['Rust', 'rust/src/axiom_context.rs', 'node_name: &str', 'rust-doubles-old'],
  ['Rust', 'rust/src/axiom_context.rs', '/// What `telemetry_of` asks.', 'rust-agent-doubles'],
  ['Java', 'java/src/test/java/nodes/TestContext.java', 'final class TestContext', 'java-shapes'],
  ['Java', 'java/pom.xml', '<grpc.version>', 'java-shapes'],
  ['C#', 'csharp/tests/TestContext.cs', 'internal sealed class TestContext', 'csharp-shapes'],
  ['C#', 'csharp/Stubs.csproj', '"Grpc.AspNetCore"', 'csharp-shapes'],
];

describe('A stub', () => {
  let copy: string;

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'axiom-stubs-'));
    for (const folder of ['dist', 'sdk-stubs'])
      cpSync(join(ROOT, folder), join(copy, folder), {
        recursive: true,
        filter: (path) => !/\/(?:target|console|bin|obj|node_modules)$/.test(path),
      });
    cpSync(join(ROOT, 'package.json'), join(copy, 'package.json'));
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  });

  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it.each(MARKS)('of %s (%s) that lacks %s is told of and nothing is written', (_, stub, mark, name) => {
    const path = join(copy, 'sdk-stubs', stub);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain(mark);
    writeFileSync(path, text.replaceAll(mark, '// gone'));
    const root = join(copy, 'package');
    cpSync(join(ROOT, 'test/testdata/packages', name), root, { recursive: true });
    mkdirSync(dirname(root), { recursive: true });
    const script = `
      const { loadPackage } = require(${JSON.stringify(join(copy, 'dist/sdkgen/load-package.js'))});
      const { languageSupport } = require(${JSON.stringify(join(copy, 'dist/sdkgen/languages.js'))});
      loadPackage(${JSON.stringify(root)})
        .then((model) => languageSupport(model.manifest.language).generate(model, () => undefined))
        .then(() => process.exit(0), (error) => { console.error(error.message); process.exit(3); });`;
    const { status, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    writeFileSync(path, text);
    rmSync(root, { recursive: true, force: true });
    const [folder] = stub.split('/');
    expect([status, stderr]).toEqual([3, expect.stringMatching(`sdk-stubs/${folder}\\S* lacks the `)]);
  });

  it('gives the text from, after and before a mark, and throws where it lacks it', () => {
    const stub = new Stub('sdk-stubs/go/x.go', 'a // mark\nb // mark\n');
    expect(stub.replace('// mark', '!').text).toBe('a !\nb !\n');
    expect(stub.from('// mark').text).toBe('// mark\nb // mark\n');
    expect(stub.after('// mark').text).toBe('\nb // mark\n');
    expect(stub.before('\nb').text).toBe('a // mark');
    for (const fill of [stub.replace.bind(stub, /other/, ''), stub.from.bind(stub, 'other')])
      expect(fill).toThrow('sdk-stubs/go/x.go lacks the mark');
  });
});
