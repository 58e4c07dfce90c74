/** The package's Cargo.toml: the author's own, with what the node host needs beside it. */

import { DomainError } from '../../domain/errors';

/** A crate that the node host uses. */
interface Needed {
  readonly name: string;
  readonly version: string;
  readonly features: readonly string[];
}

/**
 * Public packages list tonic 0.12 and prost 0.13, and the messages' code must be of the prost that the
 * package compiles with; so these are the versions for all.
 */
const NEEDED: readonly Needed[] = [
  { name: 'prost', version: '0.13', features: [] },
  { name: 'tokio', version: '1', features: ['macros', 'net', 'rt-multi-thread', 'signal', 'sync'] },
  { name: 'tokio-stream', version: '0.1', features: ['net'] },
  { name: 'tonic', version: '0.12', features: [] },
];

/** For google/protobuf/*.proto in the package's own messages. */
const WELL_KNOWN: Needed = { name: 'prost-types', version: '0.13', features: [] };

const BEGIN = '# What the node host needs beside the above; written by axiom generate.';
const END = '# End of what axiom generate wrote.';

const BIN = `[[bin]]\nname = "service"\npath = "service.rs"\n`;

/** The Cargo.toml of a package that has none. */
export function newCargoToml(packageVersion: string, usesWellKnown: boolean): string {
  const dependencies = neededBy(usesWellKnown).map(lineOf).join('\n');
  return `[package]
name = "service"
version = "${packageVersion}"
edition = "2021"

${BIN}
[dependencies]
${dependencies}
`;
}

/** What is added to an author's Cargo.toml, and the whole text with it. */
export interface MergedCargoToml {
  readonly text: string;
  /** Names of crates, and `[[bin]]`. */
  readonly added: readonly string[];
}

/**
 * Adds only what is missing, in a block of its own at the end; cargo unites the features of a crate that
 * is in both lists. Throws FAILED_PRECONDITION for a tonic or prost that the node host is not made for.
 */
export function mergeCargoToml(text: string, usesWellKnown: boolean): MergedCargoToml {
  const own = withoutBlock(text);
  const listed = dependenciesOf(own);
  const missing = neededBy(usesWellKnown).filter((needed) => !satisfies(listed.get(needed.name), needed));
  const parts: string[] = [];
  if (!/^\s*path\s*=\s*"service\.rs"/m.test(own)) parts.push(BIN);
  if (missing.length > 0) {
    // A table of its own: [dependencies] may not occur twice, and cfg(all()) is always true.
    parts.push(`[target.'cfg(all())'.dependencies]\n${missing.map(lineOf).join('\n')}\n`);
  }
  if (parts.length === 0) return { text: own, added: [] };
  const added = [...(parts.includes(BIN) ? ['[[bin]]'] : []), ...missing.map((needed) => needed.name)];
  return { text: `${own.trimEnd()}\n\n${BEGIN}\n${parts.join('\n')}${END}\n`, added };
}

function neededBy(usesWellKnown: boolean): readonly Needed[] {
  return usesWellKnown ? [...NEEDED, WELL_KNOWN] : NEEDED;
}

function lineOf({ name, version, features }: Needed): string {
  if (features.length === 0) return `${name} = "${version}"`;
  const list = features.map((feature) => `"${feature}"`).join(', ');
  return `${name} = { version = "${version}", features = [${list}] }`;
}

function withoutBlock(text: string): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) return text;
  return `${text.slice(0, begin).trimEnd()}\n${text.slice(end + END.length).replace(/^\n/, '')}`;
}

/** What [dependencies] says of each crate, as the text behind its name. */
function dependenciesOf(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const tables = text.matchAll(/^\[dependencies(?:\.["']?([\w-]+)["']?)?\][^\n]*\n((?:(?!\[)[^\n]*\n?)*)/gm);
  for (const [, crate, body = ''] of tables) {
    if (crate !== undefined) {
      found.set(crate, body);
      continue;
    }
    for (const [, name = '', rest = ''] of body.matchAll(
      /^\s*([\w-]+)\s*(?:\.\w+\s*)?=\s*((?:[^\n{[]|\{[^}]*\}|\[[^\]]*\])*)/gm,
    )) {
      found.set(name, rest);
    }
  }
  return found;
}

function satisfies(listed: string | undefined, needed: Needed): boolean {
  if (listed === undefined) return false;
  const version = /(?:^\s*|version\s*=\s*)"[=^~ ]*(\d[\w.]*)/.exec(listed)?.[1];
  if (
    version !== undefined &&
    needed.version.startsWith('0.') &&
    !`${version}.`.startsWith(`${needed.version}.`)
  ) {
    throw new DomainError(
      'FAILED_PRECONDITION',
      `Cargo.toml lists ${needed.name} ${version}; the node host and the messages are made for ` +
        `${needed.name} ${needed.version}: write ${needed.name} = "${needed.version}"`,
      'DEPENDENCY_VERSION',
    );
  }
  if (/default[-_]features\s*=\s*false/.test(listed) && needed.name !== 'tokio') return false; // tokio has none.
  return needed.features.every((feature) => listed.includes(`"${feature}"`) || listed.includes('"full"'));
}
