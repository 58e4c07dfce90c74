/** What a text that holds secrets may say beside them: which project, which host. */

import type { Atom } from '../ir/values';

export const PLAIN =
  /^(?:type|project_?[iI]d|region|host|hostname|port|database|db_?name|scheme|version|expires_?\w*|token_type)$/;

/** An entry of a parsed text that is no secret, by its name. */
export const isPlain = (atom: Atom & { kind: 'object' }, name: string): boolean =>
  atom.parsed === true && PLAIN.test(name);
