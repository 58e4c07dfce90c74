/** Which registered name somebody probably meant by one that is not registered. */

import { closest, distance } from 'fastest-levenshtein';

/** For each missed name the registered one within a third of its letters by Levenshtein distance, case aside; '' where none is. */
export function nearestNames(missed: readonly string[], names: readonly string[]): readonly string[] {
  const candidates = names.map((name) => ({ name, folded: name.toUpperCase() }));
  return missed.map((one) => nearest(one.toUpperCase(), candidates));
}

interface Candidate {
  readonly name: string;
  readonly folded: string;
}

function nearest(missed: string, candidates: readonly Candidate[]): string {
  const near = Math.max(1, Math.floor(missed.length / 3));
  // Names whose lengths differ by more are further away than that.
  const byFolded = new Map<string, string>();
  for (const { name, folded } of candidates)
    if (Math.abs(folded.length - missed.length) <= near) byFolded.set(folded, name);
  if (byFolded.size === 0) return '';
  const best = closest(missed, [...byFolded.keys()]);
  return distance(missed, best) <= near ? (byFolded.get(best) ?? '') : '';
}
