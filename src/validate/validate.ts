/** `axiom validate`: reads a package's manifest and sources, and says what does not fit. */

import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Manifest } from '../manifest/manifest';
import { parseManifest, type ParsedManifest } from '../manifest/parse';
import { CallGraph, callsFromOutside } from './analysis/call-graph';
import { chainedCalls } from './analysis/construction';
import { escapes, storedAway, type Escaped } from './analysis/escapes';
import { Evaluator } from './analysis/evaluator';
import { logLeaks, messageLeaks, type Leak } from './analysis/leaks';
import { generatedNames } from './languages/generated-names';
import { findHandlers, unseenHandler, type FoundHandler } from './languages/handlers';
import { LANGUAGE_OF } from './languages/languages';
import { beginMessages } from './messages';
import { readProgram, type PackageProgram } from './languages/package-program';
import type { Fn, SourceFile } from './ir/program';
import { reachOf } from './analysis/reach';
import type { Recorded } from './analysis/recorder';
import { ReadFinder, type FoundRead } from './analysis/reads';
import { withoutIgnored } from './report/ignored';
import { Lines, type Finding, type Place, type Read, type Report } from './report/report';
import { undeclared, unread } from './report/declarations';
import { findSources, type Sources } from './languages/source-files';

const NO_SOURCES: Sources = { files: [], skipped: [] };

/** What other programs made is not read: no node of the package's is in it. */
const writtenByHand = ({ files, skipped }: Sources): Sources => ({
  files: files.filter(({ generated }) => generated !== true),
  skipped,
});

/** Validates the package in `root`. Throws only when axiom.yaml itself cannot be opened. */
export async function validatePackage(root: string): Promise<Report> {
  const text = readFileSync(join(root, 'axiom.yaml'), 'utf8');
  const parsed = parseManifest(text);
  const { manifest, readable } = parsed;
  const begun = manifest && (await beginMessages(root, manifest, parsed.nodePlaces));
  const sources = readable ? writtenByHand(findSources(root, readable)) : NO_SOURCES;
  const [report, messages = []] = await Promise.all([
    validateSources(text, parsed, sources),
    begun?.findings,
  ]);
  if (readable === undefined) return report;
  const all = [...report.findings, ...messages];
  const files = [{ path: 'axiom.yaml', text }, ...sources.files];
  return { ...report, findings: sortPlaces(withoutIgnored(all, files, readable.language)) };
}

/** The same on texts: `manifestText` is axiom.yaml, paths are relative to the package's root. */
export async function validateSources(
  manifestText: string,
  parsed: ParsedManifest,
  sources: Sources,
): Promise<Report> {
  const shown = new Map([['axiom.yaml', new Lines(manifestText)]]);
  for (const { path, text } of sources.files) shown.set(path, new Lines(text));
  const lineAt = (place: Place): string => shown.get(place.file)?.line(place.line) ?? '';
  const manifest = parsed.readable;
  if (!manifest) return { reads: [], findings: sortPlaces(parsed.findings), lineAt };
  const constants = generatedNames(manifest, sources.files);
  const program = await readProgram(manifest.language, [...published(manifest, sources), ...constants]);
  const analysis = new Analysis(manifest, program, shown);
  const reads = sortPlaces(analysis.reads());
  const declarations = { manifest, manifestFile: 'axiom.yaml', declared: parsed.declared };
  const compared = undeclared(reads, declarations);
  const unseen = [...sources.skipped, ...program.unparsed];
  const canTell = (node: string, name: string): boolean =>
    unseen.length === 0 && analysis.canTell(node, reads) && !compared.isMisspelt(node, name);
  const handsAway = (node: string): boolean => analysis.escapes(node).length > 0;
  const open = unread(reads, declarations, (n, name) => canTell(n, name) && handsAway(n), analysis.asked);
  const openNodes = manifest.nodes
    .map(({ name }) => name)
    .filter((name) => open.length > 0 && handsAway(name));
  const findings = [
    ...parsed.findings,
    ...compared.findings,
    ...unread(reads, declarations, (n, name) => canTell(n, name) && !handsAway(n), analysis.asked),
    ...handedAway(openNodes.flatMap((node) => analysis.escapes(node))),
    ...analysis.leaks(),
    ...analysis.withoutHandler(parsed, [...program.broken.keys(), ...unseen]),
    ...analysis.uncalledHandlers(),
    ...unseen.map(notRead),
    ...[...program.broken].map(([file, at]) => notParsed(file, at, shown)),
  ];
  return { reads, findings: sortPlaces(findings), lineAt };
}

/** The sources that are built for a published package, tests and files with a node's function aside. */
function published({ language, nodes }: Manifest, { files }: Sources): Sources['files'] {
  const { isPublished } = LANGUAGE_OF[language];
  if (!isPublished) return files;
  const holdsNode = (text: string): boolean => nodes.some(({ name }) => text.includes(`func ${name}(`));
  return files.filter(({ path, text, suspect }) => suspect || isPublished(path, text) || holdsNode(text));
}

/** Where code outside of the package may read what a node declares, each place once. */
function handedAway(places: readonly Place[]): Finding[] {
  const once = new Map(places.map((place) => [`${place.file} ${place.line} ${place.column}`, place]));
  return [...once.values()].map((place) => ({
    ...place,
    rule: 'dynamic-name',
    severity: 'info',
    message: 'cannot tell which secrets are read here: the accessor goes to code outside of the package',
  }));
}

const notRead = (file: string): Finding => ({
  file,
  line: 1,
  column: 1,
  endColumn: 2,
  rule: 'source-skipped',
  severity: 'warning',
  message: `${basename(file)} is too large to read; what it reads is not known`,
});

function notParsed(file: string, at: number, shown: ReadonlyMap<string, Lines>): Finding {
  const place = shown.get(file)?.place(file, at, at + 1) ?? { file, line: 1, column: 1, endColumn: 2 };
  return {
    ...place,
    rule: 'source-broken',
    severity: 'warning',
    message: 'cannot be parsed from here on; what is read there may not be known',
  };
}

function sortPlaces<T extends Place>(items: readonly T[]): T[] {
  const manifestLast = (file: string): string => (file === 'axiom.yaml' ? `\uffff${file}` : file);
  return items.toSorted(
    (a, b) =>
      compare(manifestLast(a.file), manifestLast(b.file)) ||
      a.line - b.line ||
      a.column - b.column ||
      compare(textOf(a), textOf(b)),
  );
}

/** What is told of a place, so that findings of one place have one order. */
const textOf = (item: Place & { readonly name?: string | null; readonly message?: string }): string =>
  item.name ?? item.message ?? '';

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Files that hold doubles and samples: what only they do is not a node's doing. */
const DOUBLES =
  /test|mock|fake|stub|fixture|double|spec|sample|example|bench|harness|demo|(?:^|\/)scripts?\//i;

class Analysis {
  private readonly found: ReadonlyMap<string, FoundHandler>;
  /** Those whose sources are in the package. */
  private readonly handlers: ReadonlyMap<string, Fn>;
  private readonly values: Evaluator;
  /** By node: what it can run. */
  private readonly reach = new Map<string, ReadonlySet<Fn>>();
  private readonly live = new Set<SourceFile>();
  private readonly confirmed = new Set<string>();
  private readonly told: Recorded;
  private readonly graph: CallGraph;
  private readonly escaped: readonly Escaped[];
  private gaveUp = false;

  constructor(
    private readonly manifest: Manifest,
    program: PackageProgram,
    private readonly shown: ReadonlyMap<string, Lines>,
  ) {
    this.found = findHandlers(manifest, program.files);
    this.handlers = new Map([...this.found].flatMap(([node, { fn }]) => (fn ? [[node, fn]] : [])));
    this.values = new Evaluator(program.scope, program.files, new Set(this.handlers.values()));
    for (const fn of program.scope.fns) for (const use of fn.uses) this.values.eval(use, fn);
    for (const fn of program.scope.fns)
      for (const { target, value } of fn.stores) {
        this.values.eval(target, fn);
        this.values.eval(value, fn);
      }
    this.told = this.values.told.all();
    this.graph = new CallGraph(this.told.sites);
    for (const site of chainedCalls(program.scope.fns, this.values))
      if (this.graph.to(site.callee).every(({ caller }) => caller !== site.caller)) this.graph.add(site);
    for (const site of callsFromOutside(this.told.made, this.graph)) this.graph.add(site);
    this.escaped = escapes(
      [...this.told.escapes, ...storedAway(program.scope.fns, this.values)],
      this.graph,
      this.values,
    );
    for (const [node, handler] of this.handlers) {
      const reached = reachOf(handler, this.values, this.graph);
      this.reach.set(node, reached);
      for (const fn of reached) this.live.add(fn.file);
    }
  }

  get asked(): ReadonlySet<string> {
    return this.values.calls.asked;
  }

  reads(): Read[] {
    const handlers = new Set(this.handlers.values());
    const inside = (fn: Fn): boolean => {
      for (let f: Fn | undefined = fn; f; f = f.outer) if (handlers.has(f)) return true;
      return false;
    };
    const finder = new ReadFinder(this.values, this.graph, inside);
    const found = finder.find(this.told.reads);
    this.gaveUp = finder.gaveUp || this.values.gaveUp;
    for (const site of finder.confirmed) this.confirmed.add(site);
    const named = new Set<string>();
    for (const read of found)
      if (read.name !== null && this.nodesOf(read).length > 0) for (const site of read.sites) named.add(site);
    // A helper that nodes give names to is known; what no node runs and would give it another name says nothing.
    const isIdle = (read: FoundRead): boolean =>
      read.name === null &&
      this.nodesOf(read).length === 0 &&
      [...read.sites].every((site) => named.has(site));
    return found.flatMap((read) => (isIdle(read) ? [] : (this.toRead(read) ?? [])));
  }

  /** The nodes that may read it. */
  private nodesOf({ owners }: FoundRead): readonly string[] {
    return this.manifest.nodes
      .map((node) => node.name)
      .filter((name) => [...owners].some((owner) => this.reach.get(name)?.has(owner)));
  }

  private toRead(read: FoundRead): Read | undefined {
    const nodes = this.nodesOf(read);
    if (nodes.length === 0 && !this.counts(read.fn)) return undefined;
    const { name, kind } = read;
    const { file, line, column, endColumn } = this.place(read.fn, read.start, read.end);
    return { file, line, column, endColumn, name, kind, nodes };
  }

  /** Code that no node was seen to reach counts unless it looks like a test's. */
  private counts(fn: Fn): boolean {
    return !fn.isTest && !fn.file.suspect && (this.live.has(fn.file) || !DOUBLES.test(fn.file.path));
  }

  private place(fn: Fn, start: number, end: number): Place {
    const lines = this.shown.get(fn.file.path) as Lines;
    return lines.place(fn.file.path, start, end);
  }

  /** A node without a handler, or with a name that only run time knows, may read anything. */
  canTell(node: string, reads: readonly Read[]): boolean {
    return (
      !this.gaveUp &&
      this.handlers.has(node) &&
      !reads.some((r) => r.name === null && (r.nodes.includes(node) || r.nodes.length === 0))
    );
  }

  /** Where what a node runs hands the accessor to code outside of the package. */
  escapes(node: string): readonly Place[] {
    const reached = this.reach.get(node);
    return this.escaped
      .filter(({ owner }) => reached?.has(owner))
      .map(({ fn, start, end }) => this.place(fn, start, end));
  }

  leaks(): Finding[] {
    const leaks: Leak[] = [...logLeaks(this.told.logged, this.graph, this.values)];
    for (const handler of this.handlers.values())
      leaks.push(...messageLeaks(handler, this.graph, this.values));
    return leaks
      .filter(({ fn, sites }) => this.counts(fn) && sites.some((site) => this.confirmed.has(site)))
      .map((leak) => this.toFinding(leak));
  }

  private toFinding({ fn, start, end, into, names }: Leak): Finding {
    const several = names.length > 1;
    const list = names.join(', ').replace(/, (?=[^,]*$)/, ' and ');
    const what = list === '' ? "a secret's value" : `the ${several ? 'values' : 'value'} of ${list}`;
    const [goes, it, was] = several ? ['go', 'they', 'were'] : ['goes', 'it', 'was'];
    return {
      ...this.place(fn, start, end),
      rule: into === 'log' ? 'secret-in-log' : 'secret-in-message',
      severity: 'warning',
      message: {
        log: `${what} ${goes} into a log call here, where ${it} can be read later; log ${several ? 'names' : 'its name'} or whether ${it} ${was} found`,
        message: `${what} ${goes} into the returned message here, which execution and debug views show; return what ${it} ${was} used for`,
        error: `${what} ${goes} into the error that the caller is told here; name the secret${several ? 's' : ''} and say what is wrong`,
      }[into],
    };
  }

  /** Handlers that no node host calls, because of where they are or how they are written. */
  uncalledHandlers(): Finding[] {
    return [...this.found.values()].flatMap(({ file, fn, name, unserved }): Finding[] => {
      if (unserved === undefined) return [];
      const at = fn?.nameAt ?? 0;
      const place = this.shown.get(file.path)?.place(file.path, at, at + name.length);
      return place ? [{ ...place, rule: 'handler-not-called', severity: 'warning', message: unserved }] : [];
    });
  }

  /** @param unread sources that were not read to their end */
  withoutHandler(parsed: ParsedManifest, unread: readonly string[]): Finding[] {
    return this.manifest.nodes.flatMap((node): Finding[] => {
      if (this.found.has(node.name) || this.manifest.type === 'proto-only') return [];
      const at = parsed.nodePlaces.get(node.name) ?? { line: 1, column: 1, endColumn: 2 };
      return [
        {
          file: 'axiom.yaml',
          ...at,
          rule: 'handler-not-found',
          severity: 'warning',
          message:
            unseenHandler(node.name, unread) ??
            `${node.name} has no handler in the sources; create its file under nodes/ or remove the node`,
        },
      ];
    });
  }
}
