/** The service's rules of names, asked while one is typed: half of a NAME=value pasted whole may be a value. */

import { DomainError } from '../../domain/errors';
import { parseFlowId, parseProfileName, parseSecretName } from '../../domain/ids';
import { violationText } from './failure';

export const MAX_NAME_LENGTH = 128;

export function isSecretName(text: string): boolean {
  return problemOf(parseSecretName, text) === undefined;
}

/** Everything that is wrong with a secret's name, each in a few words that go on from "A secret's name …". */
export function secretNameProblems(text: string): readonly string[] {
  const problems: string[] = [];
  if (/^[0-9.-]/.test(text)) problems.push('starts with a letter or an underscore');
  const strange = [...new Set(text.match(/[^A-Za-z0-9_.-]/gu))];
  if (strange.length > 0) problems.push(`has no ${listed(strange.map(nameOfCharacter))}`);
  if (text.length > MAX_NAME_LENGTH)
    problems.push(`has at most ${MAX_NAME_LENGTH} characters, and this one ${text.length}`);
  if (text === '__proto__') problems.push('may not be __proto__');
  // Whatever the rules above do not know.
  if (problems.length === 0 && text !== '') {
    const problem = problemOf(parseSecretName, text);
    if (problem !== undefined) problems.push(problem);
  }
  return problems;
}

/** What is wrong with a secret's name, in one sentence. */
export function secretNameProblem(text: string): string | undefined {
  if (text === '') return 'Enter a name.';
  const problems = secretNameProblems(text);
  return problems.length === 0 ? undefined : `A secret’s name ${listed(problems)}.`;
}

/** The nearest name that the rules allow: `HAS_SPACE` for `has space`; undefined where none is near. */
export function proposedSecretName(text: string): string | undefined {
  const proposed = text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[^A-Za-z0-9_.-]+/g, '_')
    .replace(/^[_.-]+|[_.-]+$/g, '')
    .replace(/^(?=[0-9])/, '_')
    .slice(0, MAX_NAME_LENGTH)
    .toUpperCase();
  return proposed !== text && isSecretName(proposed) ? proposed : undefined;
}

export function flowIdProblem(text: string): string | undefined {
  return text === '' ? 'Enter a flow ID.' : problemOf(parseFlowId, text);
}

/** Empty is allowed: it becomes `default`. */
export function profileNameProblem(text: string): string | undefined {
  return text === '' ? undefined : problemOf(parseProfileName, text);
}

function problemOf(parse: (text: string) => string, text: string): string | undefined {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return violationText(error.fields[0] ?? { field: '', description: error.message });
  }
}

function nameOfCharacter(character: string): string {
  if (character === ' ') return 'spaces';
  if (/\s/.test(character)) return 'tabs or line breaks';
  return /[\p{Cc}\p{Cf}]/u.test(character) ? 'invisible characters' : `“${character}”`;
}

function listed(parts: readonly string[]): string {
  const unique = [...new Set(parts)];
  return unique.length < 2 ? (unique[0] ?? '') : `${unique.slice(0, -1).join(', ')} and ${unique.at(-1)}`;
}
