/** A package's own Java sources, and where each must stand for javac. */

import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { PackageModel } from '../language';

/** Where Maven has tests; authors keep what several tests share there, too. */
const MAVEN_TESTS = 'src/test/java';

/** A file under nodes/ or src/test/java. */
export interface JavaSource {
  /** Relative to root: `nodes/build_v_card.java`. */
  readonly path: string;
  readonly contents: Buffer;
  /** Its code without comments, strings and character literals. */
  readonly code: string;
  /** Its top-level types, the public one first. */
  readonly types: readonly string[];
  /** Where javac wants it, relative to a source folder: `nodes/BuildVCard.java`. */
  readonly place: string;
}

/** The sources by what they are for: main is compiled into the service, test only beside its tests. */
export interface JavaSources {
  readonly main: readonly JavaSource[];
  readonly test: readonly JavaSource[];
}

const IGNORED_TEXT =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"""[\s\S]*?(?<!\\)"""|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;
const TYPE =
  /((?:\b(?:public|final|abstract|sealed|non-sealed|strictfp)\s+)*)(?:class|@?interface|enum|record)\s+(\w+)/g;
const TEST_LIBRARY = /^\s*import\s+(?:static\s+)?org\.(?:junit|assertj|mockito|hamcrest)\b/m;

/** Reads nodes/, sorts it, and adds Maven's own tests. */
export async function readSources(model: PackageModel): Promise<JavaSources> {
  const [inNodes, inTests] = await Promise.all([
    readFolder(model.root, 'nodes'),
    readFolder(model.root, MAVEN_TESTS),
  ]);
  const { main, test } = sortOut(inNodes, new Set(model.nodes.map((node) => `${node.snakeName}.java`)));
  // A copy of a file in nodes/, as other builds leave them, is not a second class.
  const more = inTests.filter((source) => !inNodes.some(({ place }) => place === source.place));
  return { main, test: [...test, ...more] };
}

async function readFolder(root: string, folder: string): Promise<readonly JavaSource[]> {
  let names: readonly string[];
  try {
    names = await readdir(join(root, folder), { recursive: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const files = names.filter((name) => name.endsWith('.java')).sort();
  return Promise.all(files.map((name) => readSource(root, `${folder}/${name.replaceAll('\\', '/')}`)));
}

async function readSource(root: string, path: string): Promise<JavaSource> {
  const contents = await readFile(join(root, path));
  const code = contents.toString('utf8').replaceAll(IGNORED_TEXT, ' ');
  const declared = topLevelTypes(code);
  const visible = declared.find((type) => type.isPublic);
  const folder = /^\s*package\s+([\w.]+)\s*;/m.exec(code)?.[1]?.replaceAll('.', '/') ?? '';
  const file = visible ? `${visible.name}.java` : basename(path);
  return {
    path,
    contents,
    code,
    types: [...declared].sort((a, b) => Number(b.isPublic) - Number(a.isPublic)).map((type) => type.name),
    place: folder === '' ? file : `${folder}/${file}`,
  };
}

function topLevelTypes(code: string): { readonly name: string; readonly isPublic: boolean }[] {
  const top = outsideBraces(code);
  return [...top.matchAll(TYPE)].map(([, modifiers = '', name = '']) => ({
    name,
    isPublic: /\bpublic\b/.test(modifiers),
  }));
}

function outsideBraces(code: string): string {
  let depth = 0;
  let kept = '';
  for (const char of code) {
    if (char === '{') depth += 1;
    if (depth === 0) kept += char;
    if (char === '}') depth -= 1;
  }
  return kept;
}

/**
 * Tests are `*_test.java`, whatever uses a test library, doubles that only tests mention (TestSupport.java),
 * and helpers that mention any of these. A node's own file is never one, whatever its name.
 */
function sortOut(all: readonly JavaSource[], nodeFiles: ReadonlySet<string>): JavaSources {
  const isNode = (source: JavaSource) => nodeFiles.has(basename(source.path));
  const test = new Set(
    all.filter((s) => !isNode(s) && (s.path.endsWith('_test.java') || TEST_LIBRARY.test(s.code))),
  );
  const namedForTests = all.filter((s) => !isNode(s) && !test.has(s) && s.types.some(hasTestInName));
  for (const source of namedForTests) {
    const users = all.filter((other) => !test.has(other) && !namedForTests.includes(other));
    if (!users.some((user) => mentions(user, source))) test.add(source);
  }
  for (let before = -1; before !== test.size;) {
    before = test.size;
    for (const source of all) {
      if (!isNode(source) && [...test].some((other) => mentions(source, other))) test.add(source);
    }
  }
  return { main: all.filter((s) => !test.has(s)), test: [...test] };
}

function hasTestInName(type: string): boolean {
  return /(?:^|[a-z0-9_])Tests?(?=[A-Z0-9_]|$)/.test(type);
}

function mentions(source: JavaSource, other: JavaSource): boolean {
  return other !== source && other.types.some((type) => new RegExp(`\\b${type}\\b`).test(source.code));
}
