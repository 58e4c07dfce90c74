/** Every encoding that is known; what works on all of them knows none. */

import type { ScratchStream, Stream } from '../stream';
import { decodeBackslashes } from './backslash';
import { decodeEntities } from './entities';
import { decodeForm, decodePercents } from './percent';
import { decodeQuotes } from './quotes';

export { DigitDecoder, type Match } from './digit-decoder';

/** Characters that stand for others, within text that is otherwise as it was. */
export interface Escapes {
  /** @returns whether there were any; else what the scratch stream holds means nothing. */
  readonly decode: (input: Stream, out: ScratchStream) => boolean;
  /** What may be escaped once more inside. */
  readonly within: readonly Escapes[];
}

const backslashes: Escapes = { decode: decodeBackslashes, within: [] };
const percents: Escapes = { decode: decodePercents, within: [] };
const entities: Escapes = { decode: decodeEntities, within: [] };

/** JSON within JSON, a URL in a URL, JSON in a URL, markup in JSON. */
export const ESCAPES: readonly Escapes[] = [
  { decode: decodeBackslashes, within: [backslashes, entities] },
  { decode: decodePercents, within: [percents, backslashes] },
  { decode: decodeForm, within: [backslashes] },
  entities,
  { decode: decodeQuotes, within: [] },
];
