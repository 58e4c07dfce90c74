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
