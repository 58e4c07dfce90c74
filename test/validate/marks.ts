/**
 * What is expected of a line is written behind it, by hand: `~ reads NAME`, `~ cannot tell`, `~ undeclared`, `~ near`,
 * `~ log`, `~ message`, and `~ unread` in axiom.yaml; several with commas.
 */
import type { Report } from '../../src/validate/report/report';
import { ofSources } from './corpus';

const RULES: Readonly<Record<string, string>> = {
  'dynamic-name': 'cannot tell',
  'undeclared-secret': 'undeclared',
  'near-miss': 'near',
  'secret-in-log': 'log',
  'secret-in-message': 'message',
  'unread-secret': 'unread',
};

/** `file:line mark`, as a source says. */
export const marksIn = (path: string, text: string): readonly string[] =>
  text.split('\n').flatMap((line, index) => {
    const marks = / ~ (.*)$/.exec(line)?.[1]?.split(', ') ?? [];
    return marks.map((mark) => `${path}:${index + 1} ${mark}`);
  });

/** `file:line mark`, as validate found it. */
export function marksOf({ reads, findings }: Report): readonly string[] {
  const named = reads.filter(({ name }) => name !== null);
  return [
    ...named.map(({ file, line, name }) => `${file}:${line} reads ${name ?? ''}`),
    ...ofSources(findings).map(({ file, line, rule }) => `${file}:${line} ${RULES[rule] ?? rule}`),
  ];
}

/** `missed …` for what is expected and not found, `wrong …` for the reverse. */
export function failuresOf(
  pack: string,
  expected: readonly string[],
  found: readonly string[],
): readonly string[] {
  const [wanted, have] = [new Set(expected), new Set(found)];
  return [
    ...[...wanted].filter((mark) => !have.has(mark)).map((mark) => `missed ${pack}/${mark}`),
    ...[...have].filter((mark) => !wanted.has(mark)).map((mark) => `wrong ${pack}/${mark}`),
  ].sort();
}

/** What a list of known failures says, comments and all. */
export const failuresListed = (text: string): readonly string[] =>
  text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
