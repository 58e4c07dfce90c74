/** What a package's own Go sources expect of the generated context. */

import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Dirent } from 'node:fs';
import { isBuiltHere } from '../../validate/languages/go/built-files';

/** One .go file of the author's, without comments. */
export interface GoSource {
  /** Relative to the package's root. */
  readonly path: string;
  readonly code: string;
}

/** `new`: AddNode(package, version, node name, position), since 2026-08; `old`: without the node name. */
export type AddNodeForm = 'old' | 'new';

/** What the context must look like for the package's doubles and handlers to compile. */
export interface ContextShape {
  readonly addNode: AddNodeForm;
  /** The file that decided on addNode; undefined when nothing told. */
  readonly addNodeFrom: string | undefined;
  /** Members of Context that doubles of before they existed lack, and that no handler uses. */
  readonly leftOut: readonly OptionalMember[];
  /** What sources still need of the agent memory, which left the platform in 2026-07. */
  readonly agent: AgentNeed;
}

/** `types`: test doubles name its types; `member`: handlers call it, so Context must have it. */
export type AgentNeed = 'nothing' | 'types' | 'member';

const AGENT_TYPES =
  /\baxiom\.(?:Agent|Memory|AgentMemory|SessionMemory|SessionHistory|MemoryEntry|ConversationTurn)\b/;

/** A handler's call, by the parameter's usual name or by what follows. */
const AGENT_CALL = /\bax\.Agent\(\)|\.Agent\(\)\s*\.\s*Memory\(\)/;

/** Members that axiom.Context did not always have. */
const OPTIONAL_MEMBERS = ['Reflection', 'Mutation'] as const;

export type OptionalMember = (typeof OPTIONAL_MEMBERS)[number];

/** What every double has; a type with all of these is one. */
const DOUBLE_MEMBERS = ['Log', 'Secrets', 'ExecutionID', 'FlowID', 'TenantID'];

/** Folders that hold no code of the author's. */
const SKIPPED = new Set(['gen', 'axiom', 'vendor', 'node_modules', 'testdata']);

/** The author's own .go files, sorted by path. */
export async function readGoSources(root: string): Promise<readonly GoSource[]> {
  const paths = await goFiles(root);
  const sources = paths.sort().map(async (path) => ({
    path: relative(root, path),
    code: withoutComments(await readFile(path, 'utf8')),
  }));
  return Promise.all(sources);
}

async function goFiles(folder: string): Promise<string[]> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isFile() && entry.name.endsWith('.go')) found.push(path);
    if (entry.isDirectory() && !SKIPPED.has(entry.name) && !/^[._]/.test(entry.name)) {
      found.push(...(await goFiles(path)));
    }
  }
  return found;
}

/** Comments become spaces; text literals, which may hold what looks like one, stay. */
function withoutComments(code: string): string {
  const tokens = /"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)*'|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  return code.replaceAll(tokens, (token) => (token.startsWith('/') ? ' ' : token));
}

/** Looks at doubles first, then at calls; where nothing tells, the newest. */
export function contextShape(sources: readonly GoSource[]): ContextShape {
  const told = addNodeOfDoubles(sources) ?? addNodeOfCalls(sources);
  return {
    addNode: told?.form ?? 'new',
    addNodeFrom: told?.path,
    leftOut: OPTIONAL_MEMBERS.filter((member) => isLeftOut(member, sources)),
    agent: agentNeed(sources),
  };
}

function agentNeed(sources: readonly GoSource[]): AgentNeed {
  if (sources.some(({ code }) => AGENT_CALL.test(code))) return 'member';
  return sources.some(({ code }) => AGENT_TYPES.test(code)) ? 'types' : 'nothing';
}

interface Told {
  readonly form: AddNodeForm;
  readonly path: string;
}

function addNodeOfDoubles(sources: readonly GoSource[]): Told | undefined {
  for (const { path, code } of sources) {
    for (const match of code.matchAll(/^func\s*\([^)]*\)\s*AddNode\(([^)]*)\)/gm)) {
      const parameters = match[1] ?? '';
      if (!parameters.includes('CanvasPosition')) continue;
      // A list over several lines ends in a comma.
      const count = parameters.split(',').filter((part) => part.trim() !== '').length;
      return { form: count >= 4 ? 'new' : 'old', path };
    }
  }
  return undefined;
}

function addNodeOfCalls(sources: readonly GoSource[]): Told | undefined {
  for (const { path, code } of sources) {
    // Helpers take the flow as a parameter.
    if (!/\.Mutation\(\)|\bFlowMutation\b/.test(code)) continue;
    for (const match of code.matchAll(/\.AddNode\(/g)) {
      const count = countArguments(code.slice(match.index + match[0].length));
      if (count === 3 || count === 4) return { form: count === 4 ? 'new' : 'old', path };
    }
  }
  return undefined;
}

/** How many arguments a call has, given the code behind its opening parenthesis. */
function countArguments(code: string): number {
  let depth = 0;
  let commas = 0;
  let end = 0;
  const text = code.replaceAll(/"(?:[^"\\\n]|\\.)*"|`[^`]*`/g, '_');
  for (; end < text.length; end += 1) {
    const character = text.charAt(end);
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character) && (depth -= 1) < 0) break;
    if (character === ',' && depth === 0) commas += 1;
  }
  const trailing = /,\s*$/.test(text.slice(0, end));
  return trailing ? commas : commas + 1;
}

/** Left out where a double lacks the member and nothing calls it: a required member would break that double. */
function isLeftOut(member: OptionalMember, sources: readonly GoSource[]): boolean {
  const called = sources.some(({ code }) => code.includes(`.${member}()`));
  return !called && doublesOf(sources).some((members) => !members.has(member));
}

/** The methods of every type that stands in for axiom.Context. */
function doublesOf(sources: readonly GoSource[]): readonly ReadonlySet<string>[] {
  const types = new Map<string, Set<string>>();
  for (const { path, code } of sources) {
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    for (const match of code.matchAll(/^func\s*\(\s*(?:\w+\s+)?\*?(\w+)\s*\)\s*(\w+)\(/gm)) {
      const key = `${folder}:${match[1]}`;
      const members = types.get(key) ?? new Set();
      types.set(key, members.add(match[2] ?? ''));
    }
  }
  return [...types.values()].filter((members) => DOUBLE_MEMBERS.every((name) => members.has(name)));
}

/**
 * What is between a handler's context.Context and its input: axiom.Context, or, in handlers of before it
 * existed, nothing, the logger, or the logger and the secrets.
 */
export type HandlerTakes = 'context' | 'nothing' | 'log' | 'logAndSecrets';

/** How a node's handler is called; undefined when the package has none of that name. */
export interface Handler {
  readonly takes: HandlerTakes;
  readonly path: string;
}

/** The exported function `name` in the package nodes, in a file that Go builds. */
export function findHandler(name: string, sources: readonly GoSource[]): Handler | undefined {
  return handlersNamed(name, sources).find(({ path }) => isBuiltHere(stemOf(path)));
}

/** The file that holds the handler where Go leaves that file out because of its name. */
export function leftOutHandler(name: string, sources: readonly GoSource[]): string | undefined {
  return handlersNamed(name, sources).find(({ path }) => !isBuiltHere(stemOf(path)))?.path;
}

/** A test's `func TestFlow(t *testing.T)` is not the handler of a node TestFlow. */
function handlersNamed(name: string, sources: readonly GoSource[]): readonly Handler[] {
  const declaration = new RegExp(`^func\\s+${name}\\s*\\(([\\s\\S]*?)\\)\\s*[({e]`, 'm');
  return sources.flatMap(({ path, code }) => {
    const parameters = /^nodes\/[^/]+\.go$/.test(path) ? declaration.exec(code)?.[1] : undefined;
    if (parameters === undefined || /\btesting\.[TBFM]\b/.test(parameters)) return [];
    return [{ path, takes: takenBy(parameters) }];
  });
}

function stemOf(path: string): string {
  return path.slice('nodes/'.length, -'.go'.length);
}

function takenBy(parameters: string): HandlerTakes {
  // context.Context, and the package's own, whatever name it is imported by.
  if ((parameters.match(/\.Context\b/g) ?? []).length > 1) return 'context';
  if (!/\.Logger\b/.test(parameters)) return 'nothing';
  return /\.Secrets\b/.test(parameters) ? 'logAndSecrets' : 'log';
}
