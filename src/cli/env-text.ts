/**
 * Refuses a .env text of which dotenv would silently drop or cut something: a line that it does not
 * understand, a value after whose `#` it stops, a quote that does not close. A store that shows no
 * value again must not keep half of one.
 */

import { EXIT } from './exit-codes';
import { CliError } from './failure';

/** `NAME=value` with what may be around it. A quoted value may have several lines; `#` begins a comment only after a space. */
const ENTRY =
  /[ \t]*(?:export[ \t]+)?[\w.-]+(?:[ \t]*=|:(?=[ \t]))(?:[ \t]*(?:'(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`)|(?![ \t]*["'`])[^#\r\n]*)[ \t]*(?:(?<=["'`\s])#[^\r\n]*)?(?:\r?\n|\r|$)/y;
const NOTHING = /[ \t]*(?:#[^\r\n]*)?(?:\r?\n|\r|$)/y;

/** @throws CliError naming the line, never what is in it. */
export function checkEnvText(text: string): void {
  for (let at = 0; at < text.length;) {
    const end = endOf(NOTHING, text, at) ?? endOf(ENTRY, text, at);
    if (end === undefined) {
      const line = text.slice(0, at).split(/\r\n?|\n/).length;
      throw new CliError(
        `line ${line} is not NAME=value, and nothing was imported; a value with several lines, a # or a quote in it stands in quotes`,
        EXIT.usage,
      );
    }
    at = end;
  }
}

/** Where a match that begins at `at` ends. */
function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
