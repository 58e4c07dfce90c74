/** The service's rules of names, asked before anything is sent: half of a NAME=value pasted whole may be a value. */

import { DomainError } from '../../domain/errors';
import { parseFlowId, parseSecretName } from '../../domain/ids';
import { sentence } from './failure';

export function isSecretName(text: string): boolean {
  return problemOf(parseSecretName, text) === undefined;
}

/** What is wrong with a secret's name, if anything is. */
export function secretNameProblem(text: string): string | undefined {
  const problem = problemOf(parseSecretName, text);
  return problem !== undefined && text.includes('=')
    ? `${problem} What follows the equals sign belongs into the value.`
    : problem;
}

export function flowIdProblem(text: string): string | undefined {
  return problemOf(parseFlowId, text);
}

function problemOf(parse: (text: string) => string, text: string): string | undefined {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    if (error instanceof DomainError) return sentence(error.fields[0]?.description ?? error.message);
    throw error;
  }
}
