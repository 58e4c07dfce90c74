/** Turns a file into the secrets to import, or into one failure that tells of everything that is wrong with it. */

import { DomainError } from '../../domain/errors';
import { parseSecretName } from '../../domain/ids';
import { SecretValue } from '../../domain/secret-value';
import { warningsAbout } from '../../domain/value-warnings';
import { EXIT } from '../exit-codes';
import { CliError } from '../failure';
import {
  agreedOn,
  describeReadings,
  DIALECTS,
  listed,
  readingsOf,
  SKIPS_MARK,
  type Dialect,
} from './dialects';
import { envEntries } from './env-entries';
import { nodeEntries } from './node-entries';

export const FORMATS = ['env', 'json', 'yaml'] as const;
export type Format = (typeof FORMATS)[number];

/** How to read the file. */
export interface Reading {
  readonly format: Format;
  /** Whose `.env` file it is, where its readers differ. */
  readonly dialect?: Dialect | undefined;
  /** Whether there is a --dialect to choose with. */
  readonly isChoice: boolean;
  readonly skipEmpty: boolean;
}

/** One secret to import, and where it stands in the file. */
export interface ImportEntry {
  readonly name: string;
  readonly line: number;
  readonly value: Uint8Array;
}

export interface ImportFile {
  readonly entries: readonly ImportEntry[];
  /** Names that were left out because they are empty. */
  readonly skipped: readonly string[];
  /** `line 3, NAME: the value …`, in the words of domain/value-warnings.ts. */
  readonly warnings: readonly string[];
}

/** What an entry says, before it is judged. */
interface Raw {
  readonly name: string;
  readonly line: number;
  readonly value: string | { readonly problem: string };
}

/** As many as a tenant has names: a file with more is another file than was meant. */
const MOST_PROBLEMS = 1_000;

const MARK = '\ufeff';

/** What UTF-16 has and UTF-8 has not: it would be stored as another character. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** @throws CliError naming every line that cannot be imported; values never show. */
export function readImportFile(text: string, reading: Reading): ImportFile {
  const unmarked = text.startsWith(MARK) ? text.slice(1) : text;
  const {
    raw,
    wrong,
  }: { readonly raw: readonly Raw[]; readonly wrong: readonly (readonly [number, string])[] } =
    reading.format === 'env'
      ? rawEnv(unmarked, text.length > unmarked.length, reading)
      : { raw: nodeEntries(unmarked, reading.format), wrong: [] };
  const entries: ImportEntry[] = [];
  const skipped: string[] = [];
  const problems: (readonly [line: number, problem: string])[] = [...wrong];
  const lines = new Map<string, number>();
  for (const { name, line, value } of raw) {
    const shown = shownName(name);
    const before = lines.get(name);
    if (before === undefined) lines.set(name, line);
    else problems.push([line, `${shown} is on line ${before} too; keep one of them`]);
    if (value === '' && reading.skipEmpty) {
      skipped.push(name);
      continue;
    }
    const problem = typeof value === 'string' ? problemWith(name, value) : value.problem;
    if (problem !== undefined) problems.push([line, `${shown}: ${problem}`]);
    else if (typeof value === 'string') entries.push({ name, line, value: Buffer.from(value, 'utf8') });
  }
  if (problems.length > 0) throw refusal(problems);
  return { entries, skipped, warnings: entries.flatMap(warningsOf) };
}

function refusal(problems: readonly (readonly [number, string])[]): CliError {
  const sorted = [...problems].sort(([one], [other]) => one - other);
  const told = sorted.slice(0, MOST_PROBLEMS).map(([line, problem]) => `  line ${line}: ${problem}`);
  const rest = sorted.length - told.length;
  if (rest > 0) told.push(`  and ${rest} more`);
  return new CliError(`nothing was imported:\n${told.join('\n')}`, EXIT.usage);
}

function rawEnv(text: string, isMarked: boolean, { dialect, isChoice }: Reading) {
  const { entries, strange, others } = envEntries(text);
  const choice = isChoice ? `, or choose with --dialect (${DIALECTS.join(', ')})` : '';
  const skips = dialect === undefined ? undefined : SKIPS_MARK[dialect];
  if (isMarked && skips !== true)
    strange.unshift([
      1,
      `begins with a byte order mark, of which ${listed(DIALECTS.filter((one) => !SKIPS_MARK[one]))} make something else; save the file without one${dialect === undefined ? choice : ''}`,
    ]);
  const readWhole = readingsOf(others);
  const last = new Map(entries.map((entry) => [entry.name, entry]));
  const first = new Map([...entries].reverse().map((entry) => [entry.name, entry]));
  const raw = entries.map((entry): Raw => {
    // Of a name that is there twice, which is refused, the whole file has one value only.
    const isAlone = first.get(entry.name) === last.get(entry.name);
    const readings = (isAlone ? readWhole : readingsOf(entry.chunk))(entry);
    const value = dialect === undefined ? agreedOn(readings) : readings[dialect];
    const problem =
      dialect === undefined
        ? `${describeReadings(readings)}; write it so that all read the same${choice}`
        : `${dialect} reads no value of it, or puts another in; write it out, in quotes`;
    return { name: entry.name, line: entry.line, value: value ?? { problem } };
  });
  return { raw, wrong: strange };
}

function problemWith(name: string, value: string): string | undefined {
  if (value === '') return 'is empty; give it a value, or leave empty ones out with --skip-empty';
  if (LONE_SURROGATE.test(value)) return 'is not text: half of a character is missing';
  const bytes = Buffer.from(value, 'utf8');
  try {
    parseSecretName(name);
    SecretValue.parse(bytes);
    return undefined;
  } catch (error) {
    if (error instanceof DomainError) return error.message;
    throw error;
  } finally {
    bytes.fill(0);
  }
}

function warningsOf({ name, line, value }: ImportEntry): string[] {
  return warningsAbout(value).map(({ message }) => `line ${line}, ${name}: ${message}`);
}

/** What stands in a name's place may be a line of a key in base64: of a long one only the beginning is shown. */
function shownName(name: string): string {
  return JSON.stringify(name.length > 40 ? `${name.slice(0, 8)}…` : name);
}
