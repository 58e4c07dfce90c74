/** Go packages in the shapes that are in use: each generates, compiles and passes its own tests. */

import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { goTypeName } from '../../src/sdkgen/go/type-names';
import { REQUIRED_MODULES } from '../../src/sdkgen/go/toolchain';
import { writeFiles } from '../../src/sdkgen/write-files';
import { BuiltPackage, RunningPackage } from './built-package';
import { itWith } from '../support/needs';

const REPO = join(__dirname, '..', '..');

describe('axiom generate in a Go package', () => {
  itWith(
    'go',
    'takes the newer AddNode where doubles have it, and splits an acronym in file names',
    async () => {
      using built = await BuiltPackage.of('go-doubles-new');
      expect(built.reports).toContain(
        'axiom/context.go: AddNode takes (package, version, node name, position), as in nodes/knn_graph_test.go',
      );
      // And not again while nothing has changed.
      const again: string[] = [];
      await built.support.generate(built.model, (line) => void again.push(line));
      expect(again).toEqual([]);
      expect(await built.test()).toMatchObject({ code: 0 });
    },
  );

  itWith('go', 'takes the older AddNode where doubles have it, follows go.mod and keeps it', async () => {
    using built = await BuiltPackage.of('go-doubles-old');
    expect(built.reports).toContain(
      'axiom/context.go: AddNode takes (package, version, position), as in nodes/get_tld_test.go',
    );
    const kept = readFileSync(join(REPO, 'test/testdata/packages/go-doubles-old/go.mod'), 'utf8');
    expect(readFileSync(join(built.root, 'go.mod'), 'utf8')).toBe(kept);
    expect(await built.test()).toMatchObject({ code: 0 });
  });

  itWith('go', 'compiles doubles of before reflection existed, with what was dropped since', async () => {
    using built = await BuiltPackage.of('go-before-reflection');
    expect(await built.test()).toMatchObject({ code: 0 });
  });

  itWith(
    'go',
    'keeps handlers that call the agent memory compiling; the calls fail, and say why',
    async () => {
      using built = await BuiltPackage.of('go-agent-memory');
      expect(await built.test()).toMatchObject({ code: 0 });
      const running = await RunningPackage.of(built);
      try {
        const events = await running.invoke('Recall', { session: 's', text: 'sky' });
        expect(JSON.stringify(events)).toContain('AGENT_MEMORY_REMOVED');
      } finally {
        await running.host.stop();
      }
    },
  );

  itWith(
    'go',
    "passes what vet passes under the author's language version, though it builds with ours",
    async () => {
      using built = await BuiltPackage.of('go-agent-memory');
      expect((await built.test('-vet=printf')).output).toContain('non-constant format string');
      expect((await built.test()).output).not.toContain('non-constant');
    },
  );

  itWith(
    'go',
    'builds and tests handlers of before the context, which take the logger and the secrets',
    async () => {
      using built = await BuiltPackage.of('go-log-handlers');
      const main = readFileSync(join(built.root, '.axiom/service/main.go'), 'utf8');
      expect(main).toContain('host.UnaryWithLog(nodes.CountWords)');
      expect(main).toContain('host.PipelineWithLogAndSecrets(nodes.StreamGreetings)');
      await built.support.build(built.model, () => undefined);
      expect(await built.test()).toMatchObject({ code: 0 });
    },
  );

  itWith('go', 'empties the files of older generators that would declare the context twice', async () => {
    using built = await BuiltPackage.of('go-older-generator');
    const read = (name: string) => readFileSync(join(built.root, 'axiom', name), 'utf8');
    expect(read('logger.go')).not.toContain('Logger');
    expect(read('units.go')).toContain('const Kilo');
    expect(await built.test()).toMatchObject({ code: 0 });
  });

  itWith('go', 'writes a test once that passes as written and takes test values', async () => {
    using built = await BuiltPackage.of('', join(REPO, 'examples', 'greeter-go'));
    expect(await built.test('-run', 'Greet')).toMatchObject({ code: 0 });
    const again = await built.support.generate(built.model, () => undefined);
    const said: string[] = [];
    const result = await writeFiles(built.root, again, (line) => said.push(line));
    expect(result.written).toEqual([]);
    expect(said).toEqual(['kept nodes/greet_test.go: it is yours; delete it to have it generated again']);
  });

  itWith('go', 'says which function to write where a node has no handler', async () => {
    using built = await BuiltPackage.of('go-before-reflection');
    const nodes = built.model.nodes.map((node) => ({
      ...node,
      manifest: { ...node.manifest, name: 'GetTLD' },
      snakeName: 'get_tld',
      handler: undefined,
    }));
    await expect(built.support.build({ ...built.model, nodes }, () => undefined)).rejects.toThrow(
      'write func GetTLD in nodes/get_tld.go',
    );
  });
});

describe('Go names', () => {
  it('are those of protoc-gen-go', () => {
    const nameOf = (typeName: string) =>
      goTypeName({ typeName, file: { proto: { package: 'a.b' } } } as never);
    expect(nameOf('a.b.Outer.Inner')).toBe('Outer_Inner');
    expect(nameOf('a.b.snake_case')).toBe('SnakeCase');
  });

  it('pin the versions that the stub is tested with', () => {
    const stub = readFileSync(join(REPO, 'sdk-stubs/go/go.mod'), 'utf8');
    for (const [module, version] of Object.entries(REQUIRED_MODULES))
      expect(stub).toContain(`${module} ${version}`);
  });
});
