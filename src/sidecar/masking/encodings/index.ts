/** Every encoding that is known; what works on all of them knows none. */

import { BACKSLASHES } from './backslash';
import { ENTITIES } from './entities';
import type { EscapeSyntax } from './escape-syntax';
import { FORM, PERCENTS } from './percent';
import { QUOTES } from './quotes';

export { DigitDecoder, type Match } from './digit-decoder';
export { decodeAround } from './escape-syntax';

/** Characters that stand for others. */
export interface Escapes {
  readonly syntax: EscapeSyntax;
  /** What may be escaped once more inside. */
  readonly within: readonly Escapes[];
}

const backslashes: Escapes = { syntax: BACKSLASHES, within: [] };
const percents: Escapes = { syntax: PERCENTS, within: [] };
const entities: Escapes = { syntax: ENTITIES, within: [] };

/** JSON within JSON, a URL in a URL, JSON in a URL, markup in JSON. */
export const ESCAPES: readonly Escapes[] = [
  { syntax: BACKSLASHES, within: [backslashes, entities] },
  { syntax: PERCENTS, within: [percents, backslashes] },
  { syntax: FORM, within: [backslashes] },
  entities,
  { syntax: QUOTES, within: [] },
];
