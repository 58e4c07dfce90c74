/** Lists of words, such as a language's keywords. */

/** A set from a text of words. */
export function wordSet(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
