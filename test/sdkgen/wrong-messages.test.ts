/** Handlers whose messages have the fields of the right ones and are others: each language refuses them before any call. */

import { describe, expect } from '@jest/globals';
import type { Language } from '../../src/manifest/manifest';
import { PackageFolder } from '../support/package-folder';
import { itWith } from '../support/needs';
import { BuiltPackage, RunningPackage } from './built-package';

const PROTO = `syntax = "proto3";
package acme.api;
message Ask { string text = 1; }
message Reply { string text = 1; }
message Other { string text = 1; }
`;

/** How an author writes a handler of some messages, and what is said of one that answers with Other. */
interface Author {
  readonly file: string;
  readonly handler: (input: string, output: string) => string;
  readonly refusal: string;
}

const AUTHORS: Readonly<Record<Language, Author>> = {
  python: {
    file: 'greet.py',
    handler: (input, output) =>
      `from gen.messages_pb2 import Ask, Other, Reply\n\n\ndef greet(ax, input: ${input}) -> ${output}:\n    return ${output}()\n`,
    refusal:
      'nodes/greet.py: greet answers with acme.api.Other, and the output of node Greet is acme.api.Reply; ' +
      'write it as `def greet(ax, input) -> Reply`',
  },
  typescript: {
    file: 'greet.ts',
    handler: (input, output) =>
      `import type { AxiomContext } from '../gen/axiomContext';\nimport { Ask, Other, Reply } from '../gen/messages_pb';\nexport function greet(ax: AxiomContext, input: ${input}): ${output} {\n  return new ${output}();\n}\n`,
    refusal:
      'nodes/greet.ts: greet cannot be called as nodes are; write it as ' +
      '`export function greet(ax: AxiomContext, input: Ask): Reply | Promise<Reply>`',
  },
  go: {
    file: 'greet.go',
    handler: (input, output) =>
      `package nodes\n\nimport (\n\t"context"\n\n\t"acme/wrong/axiom"\n\t"acme/wrong/gen"\n)\n\nfunc Greet(ctx context.Context, ax axiom.Context, input *gen.${input}) (*gen.${output}, error) {\n\treturn &gen.${output}{}, nil\n}\n`,
    refusal:
      'nodes/greet.go: Greet cannot be called as nodes are; write it as ' +
      '`func Greet(ctx context.Context, ax axiom.Context, input *gen.Ask) (*gen.Reply, error)`',
  },
  rust: {
    file: 'greet.rs',
    handler: (input, output) =>
      `use crate::axiom_context::*;\nuse crate::r#gen::messages::*;\n\npub fn greet(_ax: &dyn AxiomContext, _input: ${input}) -> Result<${output}, Box<dyn std::error::Error>> {\n    Ok(${output}::default())\n}\n`,
    refusal:
      'nodes/greet.rs: greet cannot be called as nodes are; write it as ' +
      '`pub fn greet(ax: &dyn AxiomContext, input: Ask) -> Result<Reply, Box<dyn std::error::Error>>`',
  },
  java: {
    file: 'greet.java',
    handler: (input, output) =>
      `package nodes;\n\nimport axiom.AxiomContext;\nimport gen.Messages.*;\n\npublic class Greet {\n    public static ${output} greet(AxiomContext ax, ${input} input) {\n        return ${output}.getDefaultInstance();\n    }\n}\n`,
    refusal:
      'nodes/greet.java: greet cannot be called as nodes are; write it as ' +
      '`public static Reply greet(AxiomContext ax, Ask input)`',
  },
  csharp: {
    file: 'greet.cs',
    handler: (input, output) =>
      `namespace Nodes;\n\nusing Axiom;\nusing Gen;\n\npublic static class GreetNode\n{\n    public static ${output} Greet(IAxiomContext ax, ${input} input) => new ${output}();\n}\n`,
    refusal:
      'nodes/greet.cs: Greet cannot be called as nodes are; write it as ' +
      '`public static Reply Greet(IAxiomContext ax, Ask input)`',
  },
};

function packageOf(language: Language, input: string, output: string): PackageFolder {
  const { file, handler } = AUTHORS[language];
  return new PackageFolder({
    'axiom.yaml': `name: acme/wrong\nversion: 1.0.0\nlanguage: ${language}\nnodes:\n  - name: Greet\n    input: Ask\n    output: Reply\n`,
    'messages/messages.proto': PROTO,
    [`nodes/${file}`]: handler(input, output),
  });
}

/** Builds and starts it, and answers an empty call. */
async function loadAndCall(folder: PackageFolder): Promise<readonly unknown[]> {
  using built = await BuiltPackage.of('wrong', folder.root);
  const running = await RunningPackage.of(built);
  try {
    return running.outputs('Greet', await running.invoke('Greet', {}));
  } finally {
    await running.host.stop();
  }
}

describe.each(Object.keys(AUTHORS) as readonly Language[])('a %s handler', (language) => {
  itWith(language, 'of the messages in axiom.yaml is served', async () => {
    using folder = packageOf(language, 'Ask', 'Reply');
    expect(await loadAndCall(folder)).toEqual([{}]);
  });

  itWith(language, 'that answers with another message is refused, and told how to be written', async () => {
    using folder = packageOf(language, 'Ask', 'Other');
    await expect(loadAndCall(folder)).rejects.toThrow(AUTHORS[language].refusal);
  });

  // Python calls whatever takes two arguments.
  if (language !== 'python')
    itWith(language, 'that takes another message is refused, and told how to be written', async () => {
      using folder = packageOf(language, 'Other', 'Reply');
      await expect(loadAndCall(folder)).rejects.toThrow(AUTHORS[language].refusal);
    });
});

describe('a message of another class', () => {
  itWith(
    'typescript',
    'that the compiler does not see is masked, and the log says what was given',
    async () => {
      const { file, handler } = AUTHORS.typescript;
      using folder = packageOf('typescript', 'Ask', 'Reply');
      folder.write(
        `nodes/${file}`,
        handler('Ask', 'Reply').replace('new Reply()', 'new Other() as unknown as Reply'),
      );
      using built = await BuiltPackage.of('wrong', folder.root);
      const running = await RunningPackage.of(built);
      const events = await running.invoke('Greet', {});
      await running.host.stop();
      expect(events).toMatchObject([
        {
          case: 'log',
          value: {
            message: 'Greet failed: OutputError',
            attributes: { reason: 'Greet gave Other where acme.api.Reply is declared' },
          },
        },
        { case: 'error', value: { typed: false, message: 'The node failed; its log has the reason.' } },
      ]);
    },
  );
});
