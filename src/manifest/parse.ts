/** Reads axiom.yaml: every field, every mistake with its place and what to do about it. */

import { Lexer, LineCounter, parseDocument, type Node } from 'yaml';
import { MAX_PACKAGE_NAME, MAX_VERSION } from '../domain/package-name';
import type { DeclaredSecret, ManifestFinding, Span } from './finding';
import { LANGUAGES, type Language, type Manifest } from './manifest';
import { NO_HANDLE } from './rules';
import { readBuild, readEnv, readImports, readNodes } from './parts';
import { ManifestLimit, shown, YamlCursor, type Fields } from './yaml-cursor';

/** Longest axiom.yaml read, in bytes of UTF-8. */
const MAX_MANIFEST_BYTES = 256 * 1024;
/**
 * Most tokens of YAML, comments and line breaks too: the parser's time goes by them, some 12 µs each. A line such as
 * `- name: Greet` has nine, so this is room for a thousand nodes.
 */
const MAX_TOKENS = 60_000;
/** Deepest indentation or nesting of brackets; a manifest needs five. */
const MAX_NESTING = 64;

const FIELDS = [
  'name',
  'version',
  'language',
  'type',
  'description',
  'author',
  'license',
  'tags',
  'nodes',
  'imports',
  'env',
  'build',
];

/** What an axiom.yaml says. `manifest` is there when no finding is an error. */
export interface ParsedManifest {
  readonly manifest?: Manifest;
  /** What could be read in spite of errors, as long as the language is known. */
  readonly readable?: Manifest;
  readonly findings: readonly ManifestFinding[];
  /** Each name of a required_secrets list with its place. */
  readonly declared: readonly DeclaredSecret[];
  /** Where each node's name is. */
  readonly nodePlaces: ReadonlyMap<string, Span>;
}

/** Parses the text of an axiom.yaml. Never throws; `file` is the name that findings carry. */
export function parseManifest(text: string, file = 'axiom.yaml'): ParsedManifest {
  const broken = (rule: string, message: string): ParsedManifest => ({
    findings: [{ rule, severity: 'error', file, line: 1, column: 1, endColumn: 2, message }],
    declared: [],
    nodePlaces: new Map(),
  });
  if (Buffer.byteLength(text) > MAX_MANIFEST_BYTES) {
    return broken(
      'manifest-limit',
      `is larger than ${MAX_MANIFEST_BYTES / 1024} KiB; move long texts out of it`,
    );
  }
  if (nestsTooDeep(text)) {
    return broken('manifest-limit', `nests deeper than ${MAX_NESTING} levels; a manifest needs five`);
  }
  if (hasTooManyTokens(text)) {
    return broken(
      'manifest-limit',
      `has more than ${MAX_TOKENS} parts; make it smaller, or split the package`,
    );
  }
  try {
    return read(text, file);
  } catch (error) {
    if (error instanceof ManifestLimit) return broken('manifest-limit', error.message);
    return broken('manifest-syntax', 'cannot be read as YAML; check its indentation and brackets');
  }
}

/** A bound that holds before any recursion: brackets opened at once, and `- - - -` or `a: ` steps on one line. */
function nestsTooDeep(text: string): boolean {
  let open = 0;
  for (const char of text) {
    if (char === '[' || char === '{') open++;
    else if (char === ']' || char === '}') open = Math.max(0, open - 1);
    if (open > MAX_NESTING) return true;
  }
  return new RegExp(`(?:[-?][ \\t]+){${MAX_NESTING}}`).test(text) || deepIndentation(text);
}

/** Stops at the first token too many; the lexer makes each as it is asked for. */
function hasTooManyTokens(text: string): boolean {
  let tokens = 0;
  for (const _ of new Lexer().lex(text)) if (++tokens > MAX_TOKENS) return true;
  return false;
}

/** Levels of indentation that are open at once. */
function deepIndentation(text: string): boolean {
  const levels: number[] = [];
  for (const line of text.split('\n')) {
    const indent = line.search(/[^ ]/);
    if (indent < 0) continue;
    while (levels.length > 0 && (levels.at(-1) ?? 0) >= indent) levels.pop();
    levels.push(indent);
    if (levels.length > MAX_NESTING) return true;
  }
  return false;
}

function read(text: string, file: string): ParsedManifest {
  const lines = new LineCounter();
  // Duplicate keys are found by the cursor: the library compares each key with all others before it.
  const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const cursor = new YamlCursor(doc, lines, file, text);
  for (const { pos, code, message } of doc.errors.slice(0, 20)) {
    const place = cursor.spanOf(pos[0], pos[1]);
    cursor.findings.push({
      rule: 'manifest-syntax',
      severity: 'error',
      file,
      ...place,
      message:
        code === 'MULTIPLE_DOCS'
          ? 'is more than one document; remove this line and what follows it'
          : `is not valid YAML: ${shown(message.split('\n')[0] ?? '')}`,
    });
  }
  if (doc.errors.length > 0) return { findings: cursor.findings, declared: [], nodePlaces: new Map() };
  if (doc.contents === null) {
    cursor.error(null, 'is empty; it needs at least name, version and language');
    return { findings: cursor.findings, declared: [], nodePlaces: new Map() };
  }
  const declared: DeclaredSecret[] = [];
  const nodePlaces = new Map<string, Span>();
  const manifest = readManifest(cursor, doc.contents as Node, declared, nodePlaces);
  const failed = cursor.findings.some((f) => f.severity === 'error');
  const known = manifest !== undefined && LANGUAGES.some((language) => language === doc.get('language'));
  return {
    ...(failed || !manifest ? {} : { manifest }),
    ...(known ? { readable: manifest } : {}),
    findings: cursor.findings,
    declared,
    nodePlaces,
  };
}

function readManifest(
  cursor: YamlCursor,
  root: Node,
  declared: DeclaredSecret[],
  nodePlaces: Map<string, Span>,
): Manifest | undefined {
  const what = 'axiom.yaml';
  const fields = cursor.fields(root, what, FIELDS);
  if (!fields) return undefined;
  const type = cursor.string(fields, 'type', what);
  if (type !== '' && type !== 'proto-only' && type !== 'package') {
    cursor.error(fields.get('type')?.value, `"type" is "${shown(type)}"; write "proto-only" or leave it out`);
  }
  return {
    name: readName(cursor, fields, root),
    version: readVersion(cursor, fields, root),
    language: readLanguage(cursor, fields, root),
    type: type === 'proto-only' ? 'proto-only' : 'package',
    description: cursor.string(fields, 'description', what),
    author: cursor.string(fields, 'author', what),
    license: cursor.string(fields, 'license', what),
    tags: cursor.texts(fields, 'tags', what),
    nodes: readNodes(cursor, fields, declared, nodePlaces),
    imports: readImports(cursor, fields),
    env: readEnv(cursor, fields),
    build: readBuild(cursor, fields),
  };
}

/** A field that must be there; says what to write when it is not. */
function required(
  cursor: YamlCursor,
  fields: Fields,
  root: Node,
  name: string,
  example: string,
): string | undefined {
  const field = fields.get(name);
  if (!field || cursor.isEmpty(field)) {
    const place = field?.key ?? { range: [root.range?.[0] ?? 0, (root.range?.[0] ?? 0) + 1, 0] };
    cursor.error(place as Node, `"${name}" is missing; add a line such as "${name}: ${example}"`);
    return undefined;
  }
  return cursor.textOf(field.value, `"${name}"`);
}

function readName(cursor: YamlCursor, fields: Fields, root: Node): string {
  const name = required(cursor, fields, root, 'name', 'my-org/greeter');
  if (name !== undefined && name.length <= MAX_PACKAGE_NAME && /^[A-Za-z0-9][\w.-]*$/.test(name)) {
    cursor.info(
      fields.get('name')?.value,
      `"name" is "${shown(name)}", without a handle; write handle/package-name before axiom push, which needs both`,
      NO_HANDLE,
    );
  } else if (
    name !== undefined &&
    (name.length > MAX_PACKAGE_NAME || !/^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/.test(name))
  ) {
    cursor.error(
      fields.get('name')?.value,
      `"name" is "${shown(name)}"; write handle/package-name in letters, digits, hyphens, dots and underscores`,
    );
  }
  return name ?? '';
}

/** https://semver.org, the expression it recommends. */
const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*))*)?(?:\+[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*)?$/;

function readVersion(cursor: YamlCursor, fields: Fields, root: Node): string {
  const version = required(cursor, fields, root, 'version', '0.1.0');
  if (version !== undefined && (version.length > MAX_VERSION || !SEMVER.test(version))) {
    cursor.error(
      fields.get('version')?.value,
      `"version" is "${shown(version)}"; write a semantic version of three numbers, such as 0.1.0`,
    );
  }
  return version ?? '';
}

/** What people write for a language, and what it is called here. */
const ALIASES: Readonly<Record<string, Language>> = {
  'c#': 'csharp',
  cs: 'csharp',
  dotnet: 'csharp',
  golang: 'go',
  js: 'typescript',
  javascript: 'typescript',
  node: 'typescript',
  py: 'python',
  python3: 'python',
  rs: 'rust',
  ts: 'typescript',
};

function readLanguage(cursor: YamlCursor, fields: Fields, root: Node): Language {
  const text = required(cursor, fields, root, 'language', 'python');
  const language = LANGUAGES.find((l) => l === text);
  if (text !== undefined && !language) {
    const lower = text.toLowerCase();
    const meant = ALIASES[lower] ?? LANGUAGES.find((l) => l === lower);
    const hint = meant ? `write "${meant}"` : `write one of ${LANGUAGES.join(', ')}`;
    cursor.error(fields.get('language')?.value, `"language" is "${shown(text)}"; ${hint}`);
  }
  return language ?? 'python';
}
