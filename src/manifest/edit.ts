/** Adds names to required_secrets in the text of an axiom.yaml: every other byte of it stays as it is. */

import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseDocument,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import { parseManifest } from './parse';

interface Insertion {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The manifest's text with `additions` (node name → secret names) declared, or undefined when its layout is one
 * that cannot be edited safely: the result is parsed and compared before it is answered.
 */
export function addRequiredSecrets(
  text: string,
  additions: ReadonlyMap<string, readonly string[]>,
): string | undefined {
  const before = parseManifest(text).manifest;
  if (!before) return undefined;
  const doc = parseDocument(text, { uniqueKeys: false });
  const insertions: Insertion[] = [];
  for (const [node, map] of nodeMaps(doc)) {
    const declared = before.nodes.find((n) => n.name === node)?.requiredSecrets ?? [];
    const missing = (additions.get(node) ?? []).filter((name) => !declared.includes(name));
    if (missing.length > 0) insertions.push(insertionFor(text, map, declared, missing));
  }
  let edited = text;
  for (const { start, end, text: added } of insertions.sort((a, b) => b.start - a.start)) {
    edited = edited.slice(0, start) + added + edited.slice(end);
  }
  return sameButFor(before, edited, additions) ? edited : undefined;
}

/** The mapping of each node that is written out in the list, by node name. */
function* nodeMaps(doc: Document): Generator<[string, YAMLMap]> {
  const nodes = doc.get('nodes', true) as unknown;
  const list = isAlias(nodes) ? nodes.resolve(doc) : nodes;
  if (!isSeq(list)) return;
  for (const item of list.items) {
    const map = isAlias(item) ? item.resolve(doc) : item;
    if (!isMap(map)) continue;
    const name = map.get('name');
    if (typeof name === 'string') yield [name, map as YAMLMap];
  }
}

function insertionFor(
  text: string,
  map: YAMLMap,
  declared: readonly string[],
  missing: readonly string[],
): Insertion {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const pair = findPair(map, 'required_secrets');
  if (!pair) return newField(text, map, [...declared, ...missing], newline);
  const value = pair.value;
  if (isSeq(value) && value.flow) return intoFlow(text, endOf(value) - 1, value.items.length > 0, missing);
  if (isSeq(value) && value.items.length > 0) {
    const last = value.items.at(-1) as Node;
    const dash = text.lastIndexOf('-', startOf(value.items[0] as Node));
    const at = lineEnd(text, endOf(last));
    return { start: at, end: at, text: items(column(text, dash), missing, newline) };
  }
  if (isAlias(value)) {
    const list = `[${[...declared, ...missing].map(plain).join(', ')}]`;
    return { start: startOf(value), end: endOf(value), text: list };
  }
  if (map.flow)
    return {
      start: endOf(pair.key as Node),
      end: valueEnd(pair),
      text: `: [${missing.map(plain).join(', ')}]`,
    };
  // `required_secrets:` with nothing, or `null`, after it.
  const indent = column(text, startOf(pair.key as Node)) + 2;
  if (isScalar(value) && value.source) {
    return { start: startOf(value), end: endOf(value), text: `[${missing.map(plain).join(', ')}]` };
  }
  const at = lineEnd(text, endOf(pair.key as Node));
  return { start: at, end: at, text: items(indent, missing, newline) };
}

/** A required_secrets of its own, after the node's messages, in the style of the node's mapping. */
function newField(text: string, map: YAMLMap, names: readonly string[], newline: string): Insertion {
  if (map.flow) {
    const at = endOf(map) - 1;
    const list = `required_secrets: [${names.map(plain).join(', ')}]`;
    return intoFlow(text, at, map.items.length > 0, [list], (item) => item);
  }
  const anchor =
    ['output', 'input', 'name', '<<']
      .map((key) => findPair(map, key))
      .find((pair) => pair && isNode(pair.value)) ?? map.items[0];
  const indent = ' '.repeat(column(text, startOf((map.items[0] as Pair).key as Node)));
  const at = lineEnd(text, valueEnd(anchor as Pair));
  const list = items(indent.length + 2, names, newline);
  return { start: at, end: at, text: `${newline}${indent}required_secrets:${list}` };
}

/** Before a closing bracket, after a comma when one is needed. */
function intoFlow(
  text: string,
  bracket: number,
  filled: boolean,
  names: readonly string[],
  write: (name: string) => string = plain,
): Insertion {
  let at = bracket;
  while (/\s/.test(text[at - 1] ?? '')) at--;
  const comma = filled && text[at - 1] !== ',' ? ', ' : filled ? ' ' : '';
  return { start: at, end: at, text: comma + names.map(write).join(', ') };
}

function findPair(map: YAMLMap, name: string): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === name);
}

const items = (indent: number, names: readonly string[], newline: string): string =>
  names.map((name) => `${newline}${' '.repeat(indent)}- ${plain(name)}`).join('');

/** Words that some YAML readers take for null or a boolean are quoted. */
const plain = (name: string): string =>
  /^(?:null|true|false|yes|no|on|off)$/i.test(name) ? `"${name}"` : name;

const startOf = (node: Node): number => node.range?.[0] ?? 0;
const endOf = (node: Node): number => node.range?.[1] ?? 0;
const valueEnd = (pair: Pair): number => (isNode(pair.value) ? endOf(pair.value) : endOf(pair.key as Node));
const column = (text: string, at: number): number => at - (text.lastIndexOf('\n', at - 1) + 1);

/** The end of the line that holds `at`, before its line break. */
function lineEnd(text: string, at: number): number {
  const newline = text.indexOf('\n', Math.max(at - 1, 0) + (text[at - 1] === '\n' ? 0 : 1));
  const end = newline < 0 ? text.length : newline;
  return text[end - 1] === '\r' ? end - 1 : end;
}

function sameButFor(
  before: NonNullable<ReturnType<typeof parseManifest>['manifest']>,
  edited: string,
  additions: ReadonlyMap<string, readonly string[]>,
): boolean {
  const after = parseManifest(edited).manifest;
  const expected = {
    ...before,
    nodes: before.nodes.map((node) => ({
      ...node,
      requiredSecrets: [...new Set([...node.requiredSecrets, ...(additions.get(node.name) ?? [])])],
    })),
  };
  return JSON.stringify(after) === JSON.stringify(expected);
}
