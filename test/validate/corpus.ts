/** The packages under test/testdata/validate, each with what is expected of it beside it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const CORPUS = join(__dirname, '..', 'testdata', 'validate');

export interface Expected {
  readonly reads: readonly Record<string, unknown>[];
  readonly findings: readonly Record<string, unknown>[];
}

export const packages = (): readonly string[] => readdirSync(CORPUS).sort();

export const expectedOf = (name: string): Expected =>
  JSON.parse(readFileSync(join(CORPUS, name, 'expected.json'), 'utf8')) as Expected;

/** The packages hold sources only, so each lacks its messages; test/validate/findings.test.ts is about those. */
export const ofSources = <T extends { readonly rule: string }>(findings: readonly T[]): readonly T[] =>
  findings.filter(({ rule }) => rule !== 'messages-missing');
