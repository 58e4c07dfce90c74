/** The entries of a JSON or YAML file: one map of names and texts, each with its line. */

import { isMap, isScalar, LineCounter, parseAllDocuments, type Node } from 'yaml';
import { EXIT } from '../exit-codes';
import { CliError } from '../failure';

/** One entry; its value, or what is there in place of a text. */
export interface NodeEntry {
  readonly name: string;
  /** From 1. */
  readonly line: number;
  readonly value: string | { readonly isInstead: string };
}

/** @throws CliError for what is not one map; it never quotes the text, which is made of values. */
export function nodeEntries(text: string, format: 'json' | 'yaml'): readonly NodeEntry[] {
  if (format === 'json') checkJson(text);
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
    value:
      isScalar(value) && typeof value.value === 'string' ? value.value : { isInstead: kindOf(value as Node) },
  }));
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

function kindOf(node: Node | null): string {
  if (node === null || (isScalar(node) && node.value === null)) return 'null';
  if (!isScalar(node)) return 'a list, a map or an alias';
  return typeof node.value === 'number' || typeof node.value === 'bigint'
    ? 'a number'
    : `a ${typeof node.value}`;
}
