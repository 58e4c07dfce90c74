/**
 * The programs that read `.env` files, none of which agrees with another on all of them. Of each entry of a file it is
 * known what every one of them reads, and where that differs a person says whose file it is.
 */

import { parseEnv } from 'node:util';
import { parse as parseDotenv } from 'dotenv';
import type { EnvEntry } from './env-entries';
import { readBash } from './read-bash';
import { readCompose } from './read-compose';
import { readPython } from './read-python';

export const DIALECTS = ['bash', 'dotenv', 'python-dotenv', 'compose', 'node'] as const;
export type Dialect = (typeof DIALECTS)[number];

/** Which of them skip a byte order mark at a file's beginning; to the others it is a part of the first name, or worse. */
export const SKIPS_MARK: Readonly<Record<Dialect, boolean>> = {
  bash: false,
  dotenv: true,
  'python-dotenv': false,
  compose: true,
  node: false,
};

/** A quote that the file's last line opens, where neither it nor a line break ends that line. */
const OPEN_TO_THE_END = /^[^=:]*[=:]\s*(["'`])(?:(?!\1)[^\n])*$/;

/** Of a last line that nothing ends, versions of Node.js read different things. */
function isForEachNode(name: string, chunk: string): boolean {
  return !OPEN_TO_THE_END.test(chunk) && Object.keys(parseEnv(`${chunk}\n`)).every((read) => read === name);
}

/** What each dialect reads of an entry; undefined where it reads none, or puts something else in. */
export type Readings = Readonly<Record<Dialect, string | undefined>>;

/** @returns a function that tells the readings of the file's entries. */
export function readingsOf(text: string): (entry: EnvEntry) => Readings {
  // These two are asked about the whole file: what stands on one line can change what they read of the next.
  const dotenv = new Map(Object.entries(parseDotenv(text)));
  const node = new Map(Object.entries(parseEnv(text)));
  // To bash a line with nothing but a carriage return is a command.
  const isForBash = !/(?:^|\n)[ \t]*\r(?:\n|$)/.test(text);
  return ({ name, chunk }) => ({
    bash: isForBash ? readBash(chunk) : undefined,
    dotenv: dotenv.get(name),
    'python-dotenv': readPython(chunk),
    compose: readCompose(chunk),
    node: isForEachNode(name, chunk) ? node.get(name) : undefined,
  });
}

/** The value that all of them read. */
export function agreedOn(readings: Readings): string | undefined {
  const [first, ...others] = DIALECTS.map((dialect) => readings[dialect]);
  return others.every((other) => other === first) ? first : undefined;
}

/** `bash and node read one value, dotenv another; compose reads none`: who reads alike, and never what. */
export function describeReadings(readings: Readings): string {
  const alike = new Map<string, Dialect[]>();
  for (const dialect of DIALECTS) {
    const value = readings[dialect];
    if (value !== undefined) alike.set(value, [...(alike.get(value) ?? []), dialect]);
  }
  const none = DIALECTS.filter((dialect) => readings[dialect] === undefined);
  const groups = [...alike.values()].map((group, index) =>
    index === 0
      ? `${listed(group)} ${group.length > 1 ? 'read' : 'reads'} one value`
      : `${listed(group)} another`,
  );
  if (none.length > 0)
    groups.push(`${listed(none)} ${none.length > 1 ? 'read' : 'reads'} none as it is written`);
  return groups.join(', ');
}

export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
