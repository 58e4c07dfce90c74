/** Regular expressions made of lists of names, as the languages' library tables hold them. */

/** Of a language that writes no packages in front of what it uses. */
export const NO_QUALIFIERS = /(?!)/;

/** Matches a whole path or name that one of the patterns describes. */
export const words = (...patterns: readonly string[]): RegExp =>
  patterns.length === 0 ? /(?!)/ : new RegExp(`^(?:${patterns.join('|').split(/\s+/).join('|')})$`);

/** Matches a path whose last part one of the patterns describes. */
export const endings = (...patterns: readonly string[]): RegExp =>
  patterns.length === 0
    ? /(?!)/
    : new RegExp(`(?:^|\\.|::)(?:${patterns.join('|').split(/\s+/).join('|')})$`);
