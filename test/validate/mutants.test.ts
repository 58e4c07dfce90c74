/** The corpus holds the engine: small changes of its compiled code make packages of it fail. */
import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const ANALYSIS = join(ROOT, 'dist', 'validate', 'analysis');

/** What is changed, in which file of the engine: `from` is there once, or the mutant is out of date. */
const MUTANTS: readonly (readonly [what: string, file: string, from: string, to: string])[] = [
  ['a circle is entered once only', 'fixpoint.js', 'this.mark(reader);', ';'],
  ['a circle begins as unknown', 'fixpoint.js', 'val: values_1.NOTHING,', 'val: values_1.DYNAMIC,'],
  ['values of an unfinished circle count as final', 'fixpoint.js', 'equation.low < equation.found', 'false'],
  ['a circle that grows is never widened', 'fixpoint.js', 'changes >= PATIENCE', 'false'],
  ['a growing name never ends', 'reads.js', 'open.trail.includes(site.caller)', 'false'],
  ['a slice is nothing', 'members.js', 'return [{ ...atom, exact: false }]', 'return []'],
  [
    'texts carry nothing on',
    'calls.js',
    'return inside.some(',
    'return values_1.DYNAMIC; return inside.some(',
  ],
  ['what is caught goes on', 'effects.js', '!fn.tries.some(', '![].some('],
  ['foreign code reads nothing', 'escapes.js', 'found.push(', '[].push('],
  ['callers do not matter to leaks', 'outward.js', 'if (outer.length > 0)', 'if (false)'],
  [
    'helpers answer nothing',
    'evaluator.js',
    'return (0, substitution_1.substitute)(returned, given, this);',
    'return [];',
  ],
  ['callers do not matter to reads', 'reads.js', 'this.graph.to(fn))', '[])'],
];

/** Runs the corpus on the changed engine; 0 when every package is as expected, 1 when not, 2 when nothing was changed. */
function runCorpus(file: string, from: string, to: string): number | null {
  const script = join(__dirname, 'mutant.cjs');
  const args = [script, ROOT, join(ANALYSIS, file), from, to];
  return spawnSync(process.execPath, args, { timeout: 120_000, stdio: 'ignore' }).status;
}

describe('the corpus of validate', () => {
  it('passes on the engine as it is', () => {
    expect(existsSync(join(ANALYSIS, 'fixpoint.js'))).toBe(true);
    expect(runCorpus('fixpoint.js', 'this.mark(reader);', 'this.mark(reader);')).toBe(0);
  });

  it.each(MUTANTS)('fails when %s', (_what, file, from, to) => {
    expect(runCorpus(file, from, to)).toBe(1);
  });
});
