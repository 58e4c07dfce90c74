/** The entries of a JSON or YAML file: one map of names and texts, each with its line. */

import { isMap, isScalar, LineCounter, parseAllDocuments, parseDocument, type Node, type Scalar } from 'yaml';
import { EXIT } from '../exit-codes';
import { CliError } from '../failure';

/** One entry; its value, or why there is none. */
export interface NodeEntry {
  readonly name: string;
  /** From 1. */
  readonly line: number;
  readonly value: string | { readonly problem: string };
}

const TEXT = 'tag:yaml.org,2002:str';

/** @throws CliError for what is not one map; it never quotes the text, which is made of values. */
export function nodeEntries(text: string, format: 'json' | 'yaml'): readonly NodeEntry[] {
  if (format === 'json') checkJson(text);
  else checkLines(text);
  const lines = new LineCounter();
  // JSON is YAML; nodes, and not JavaScript objects, so that no name is lost and no alias grows.
  const documents = parseAllDocuments(text, {
    ...{ lineCounter: lines, uniqueKeys: false, prettyErrors: false, logLevel: 'silent', strict: false },
  });
  const [document] = documents;
  if (
    !Array.isArray(documents) ||
    documents.length !== 1 ||
    document === undefined ||
    !isMap(document.contents)
  )
    throw notOneMap(format);
  const [error] = format === 'yaml' ? document.errors : [];
  if (error !== undefined) {
    const { line } = lines.linePos(error.pos[0]);
    throw new CliError(`line ${line} is not YAML that can be read, and nothing was imported`, EXIT.usage);
  }
  return document.contents.items.map(({ key, value }) => ({
    name: isScalar(key) ? String(key.value) : '',
    line: lines.linePos((key as Node).range?.[0] ?? 0).line,
    value: textOf(key as Node, value as Node | null, text),
  }));
}

function textOf(key: Node, value: Node | null, text: string): NodeEntry['value'] {
  const ofName = kindOf(key);
  if (ofName !== undefined)
    return { problem: `its name is ${ofName} and not a text; put the name in quotes` };
  const ofValue = kindOf(value);
  if (ofValue !== undefined) return { problem: `is ${ofValue} and not a text; put the value in quotes` };
  const scalar = value as Scalar<string>;
  const problem = problemWithLines(scalar, text);
  return problem === undefined ? scalar.value : { problem };
}

/** A backslash at a line's end, and an empty line after it. */
const ESCAPED_BREAK = /\\\r?\n[ \t]*\r?\n/;

/** What readers of YAML make differently of a text of several lines. */
function problemWithLines({ type, value, range }: Scalar<string>, text: string): string | undefined {
  if (type === 'QUOTE_DOUBLE' && ESCAPED_BREAK.test(range ? text.slice(range[0], range[1]) : ''))
    return 'has an empty line after a backslash, which readers differ about; write it as \\n';
  if (type !== 'BLOCK_LITERAL' && type !== 'BLOCK_FOLDED') return undefined;
  if (value.trim() === '') return 'is of blanks only, which readers count differently; put it in quotes';
  return !text.endsWith('\n') && (range?.[2] ?? 0) >= text.length
    ? 'ends with the file, of which some readers add a line break; end the file with one'
    : undefined;
}

/** To YAML 1.1 and 1.2 other signs end a line, and not every reader of YAML follows its own. */
function checkLines(text: string): void {
  const at = text.search(/\r(?!\n)|[\u0085\u2028\u2029]|(?!^)\ufeff/);
  if (at < 0) return;
  const line = text.slice(0, at).split('\n').length;
  throw new CliError(
    `line ${line} has a sign within it at which the line ends to some readers (U+000D, U+0085, U+2028, U+2029 or U+FEFF), and nothing was imported; write it as an escape in double quotes`,
    EXIT.usage,
  );
}

function checkJson(text: string): void {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return;
  } catch {
    // The parser's message quotes the text.
  }
  throw notOneMap('json');
}

function notOneMap(format: 'json' | 'yaml'): CliError {
  const what = format === 'json' ? 'JSON object' : 'YAML map';
  return new CliError(`the file is not one ${what} of names and texts, and nothing was imported`, EXIT.usage);
}

/** What a node is that is not a text to all readers of YAML; undefined for one that is. */
function kindOf(node: Node | null): string | undefined {
  if (node === null || (isScalar(node) && node.value === null)) return 'null';
  if (!isScalar(node)) return 'a list, a map or an alias';
  if (node.tag !== undefined && node.tag !== TEXT) return 'a value with a tag';
  if (node.anchor !== undefined) return 'a value with an anchor';
  if (typeof node.value !== 'string') return nameOf(node.value);
  if (node.type !== 'PLAIN' || node.tag === TEXT) return undefined;
  // Without quotes: `no` and `12:30:45` are texts in YAML 1.2, and not in 1.1, which most programs read.
  const { contents } = parseDocument(node.source ?? '', {
    version: '1.1',
    prettyErrors: false,
    logLevel: 'silent',
  });
  const before = isScalar(contents) ? contents.value : undefined;
  return typeof before === 'string' ? undefined : `${nameOf(before)} in YAML 1.1`;
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (value instanceof Date) return 'a time';
  return typeof value === 'number' || typeof value === 'bigint' ? 'a number' : `a ${typeof value}`;
}
