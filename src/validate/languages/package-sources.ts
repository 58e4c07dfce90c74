/**
 * What `axiom generate` asks of a package's sources: its handlers and what its doubles expect of the context. Of the
 * sources only those are parsed that can tell: the nodes' own files, all where a handler is not in its own, and those
 * that mention what has changed in the context.
 */

import type { Manifest } from '../../manifest/manifest';
import type { Class, Fn, SourceFile } from '../ir/program';
import { contextUse, type Call, type ContextUse, type UsedSource } from './common/context-use';
import type { HandlerShape } from './common/handlers';
import { findHandlers, ownFiles, unseenHandler, type FoundHandler } from './handlers';
import { LANGUAGE_OF } from './languages';
import { readProgram } from './package-program';
import { findSources, type SourceText } from './source-files';

/** A node's handler, as generation needs it. */
export interface NodeHandler extends HandlerShape {
  /** Relative to the package's root. */
  readonly path: string;
  readonly name: string;
  /** Why the node host cannot call it, and what to do; undefined where it can. */
  readonly unserved: string | undefined;
}

export interface PackageSources {
  readonly handlers: ReadonlyMap<string, NodeHandler>;
  /** By node without a handler: why it may have one all the same. */
  readonly unseen: ReadonlyMap<string, string>;
  readonly context: ContextUse;
  /** Those that were parsed. */
  readonly sources: readonly UsedSource[];
}

/** How a handler is called of which only its name is known. */
const UNKNOWN_SHAPE: HandlerShape = {
  takes: 'context',
  isAsync: false,
  isStream: false,
  takesToken: false,
  parameters: [],
};

export async function readPackageSources(root: string, manifest: Manifest): Promise<PackageSources> {
  const { files } = findSources(root, manifest);
  const { context, handlers: rules } = LANGUAGE_OF[manifest.language];
  const own = ownFiles(manifest, files);
  const needed = new Set(manifest.nodes.flatMap(({ name }) => own(name)));
  for (const file of files) if (context?.tells.test(file.text)) needed.add(file);
  let { sources: read, unread } = await readUsed(manifest, [...needed]);
  const made = new Set(files.filter(({ generated }) => generated === true).map(({ path }) => path));
  const handlersIn = (among: readonly UsedSource[]) =>
    findHandlers(
      manifest,
      among.filter(({ path }) => !made.has(path)),
    );
  let found = handlersIn(read);
  const isKnown = ({ name }: { readonly name: string }) => found.get(name)?.fn !== undefined;
  if (!manifest.nodes.every(isKnown) && needed.size < files.length) {
    ({ sources: read, unread } = await readUsed(manifest, files));
    found = handlersIn(read);
  }
  const shapeOf = ({ fn }: FoundHandler): HandlerShape => (fn ? rules.shape(fn) : UNKNOWN_SHAPE);
  return {
    handlers: new Map(
      [...found].map(([node, handler]) => {
        const { file, name, unserved } = handler;
        return [node, { ...shapeOf(handler), path: file.path, name, unserved }];
      }),
    ),
    unseen: new Map(
      manifest.nodes.flatMap(({ name }) => {
        const why = found.has(name) ? undefined : unseenHandler(name, unread);
        return why === undefined ? [] : [[name, why]];
      }),
    ),
    context: context
      ? contextUse(read, context)
      : { addNode: 'new', addNodeFrom: undefined, leftOut: [], agent: 'nothing' },
    sources: read,
  };
}

/** Parsed sources, tests too, with the words of their code and what they call; and which were not read to their end. */
async function readUsed(
  manifest: Pick<Manifest, 'language'>,
  sources: readonly SourceText[],
): Promise<{ sources: readonly UsedSource[]; unread: readonly string[] }> {
  const { files, scope, words, broken, unparsed } = await readProgram(manifest.language, sources, {
    tests: true,
  });
  const classes = new Map<SourceFile, Set<Class>>();
  const calls = new Map<SourceFile, Call[]>();
  for (const fn of scope.fns) {
    for (const cls of [fn.cls, ...fn.classes.values()])
      if (cls) classes.set(fn.file, (classes.get(fn.file) ?? new Set()).add(cls));
    calls.set(fn.file, [...(calls.get(fn.file) ?? []), ...callsIn(fn)]);
  }
  const used = files.map((file) =>
    Object.assign(file, {
      words: words.get(file) ?? new Set<string>(),
      classes: [...(classes.get(file) ?? [])],
      calls: calls.get(file) ?? [],
    }),
  );
  return { sources: used, unread: [...broken.keys(), ...unparsed] };
}

function callsIn(fn: Fn): readonly Call[] {
  return fn.uses.flatMap((use) =>
    use.kind === 'call' && use.callee.kind === 'member'
      ? [{ member: use.callee.name, arguments: use.args.length, object: use.callee.object }]
      : [],
  );
}
