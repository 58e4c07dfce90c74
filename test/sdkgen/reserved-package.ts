/** A package whose nodes, messages, fields, oneofs and enum values are called by all of a language's own words. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Language } from '../../src/manifest/manifest';
import { snakeCase } from '../../src/validate/languages/common/naming';
import WORDS from '../testdata/reserved-words.json';

/** A node that answers its input. */
export interface EchoNode {
  readonly name: string;
  readonly message: string;
}

/** How a language's author writes a handler that answers its input. */
export interface EchoAuthor {
  readonly file: (node: EchoNode) => string;
  readonly source: (node: EchoNode) => string;
}

/** Words without those that differ from an earlier one only in case, which Protobuf refuses beside each other. */
export function wordsOf(language: Language): readonly string[] {
  const seen = new Set<string>();
  return WORDS[language].filter((word) => {
    const isNew = !seen.has(word.toLowerCase());
    seen.add(word.toLowerCase());
    return isNew;
  });
}

/** `MacroRules` for macro_rules. */
export function nodeOf(word: string): string {
  return word.replaceAll(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** The .proto file: every word as a message, a nested message, an enum, a field, a list, a oneof and a value. */
export function protoOf(words: readonly string[], typeWords = words, valueWords = words): string {
  const numbered = (list: readonly string[], line: (word: string, number: number) => string) =>
    list.map((word, index) => `  ${line(word, index + 1)}`).join('\n');
  return `syntax = "proto3";
package words;
option csharp_namespace = "Gen";

message Fields {
${numbered(words, (word, number) => `string ${word} = ${number};`)}
}
message Lists {
${numbered(words, (word, number) => `repeated string ${word} = ${number};`)}
}
message Oneofs {
${numbered(words, (word, number) => `oneof ${word} { string the_${word} = ${number}; }`)}
}
message Values {
  enum Value {
    VALUE_UNSPECIFIED = 0;
${numbered(valueWords, (word, number) => `${word} = ${number};`)}
  }
  repeated Value values = 1;
}
message Nested {
${numbered(typeWords, (word, number) => `message ${word} { string text = 1; } .words.Nested.${word} of_${word} = ${number};`)}
}
message Enums {
${numbered(typeWords, (word, number) => `enum ${word} { ZERO_${number} = 0; } .words.Enums.${word} of_${word} = ${number};`)}
}
${typeWords.map((word) => `message ${word} { string text = 1; .words.${word} inner = 2; }`).join('\n')}
`;
}

/** What is called by which words: nodes, fields and oneofs; messages and enums; values of enums. */
interface Words {
  readonly words?: readonly string[];
  readonly typeWords?: readonly string[];
  readonly valueWords?: readonly string[];
}

/** A temporary folder with the package. */
export class ReservedPackage implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'axiom-reserved-'));
  readonly nodes: readonly EchoNode[];

  constructor(
    language: Language,
    author: EchoAuthor,
    { words = wordsOf(language), typeWords = words, valueWords = words }: Words = {},
  ) {
    const own = words.map((word) => ({
      name: nodeOf(word),
      message: typeWords.includes(word) ? word : 'Fields',
    }));
    const whole = ['Fields', 'Lists', 'Oneofs', 'Values', 'Nested', 'Enums'];
    this.nodes = [...own, ...whole.map((message) => ({ name: `Echo${message}`, message }))];
    this.write('messages/messages.proto', protoOf(words, typeWords, valueWords));
    this.write('axiom.yaml', manifestOf(language, this.nodes));
    for (const node of this.nodes) this.write(`nodes/${author.file(node)}`, author.source(node));
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

export function manifestOf(language: Language, nodes: readonly EchoNode[]): string {
  const entries = nodes.map(
    ({ name, message }) => `  - name: "${name}"\n    input: "${message}"\n    output: "${message}"\n`,
  );
  return `name: acme/words\nversion: 1.0.0\nlanguage: ${language}\nnodes:\n${entries.join('')}`;
}

export function stem(node: EchoNode): string {
  return snakeCase(node.name);
}
