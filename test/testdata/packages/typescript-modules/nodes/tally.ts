// How often each length occurs.
import { wordsOf } from '#lib/words';

export function tally(text: string): ReadonlyMap<string, number> {
  const lengths = new Map<string, number>();
  for (const { length } of wordsOf(text)) lengths.set(String(length), (lengths.get(String(length)) ?? 0) + 1);
  return lengths;
}

export default wordsOf;
