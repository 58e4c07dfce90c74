/**
 * What is often wrong with a value that somebody pasted, piped or imported: the one list, whose words the console, the
 * command line and the import show. They warn and do not block, because any text may be a secret; only `--strict`
 * makes a refusal of them. Everything here works on bytes, so that no string of a value is left in memory.
 */

import {
  bytesOf,
  EQUALS,
  indexOf,
  isAt,
  isBlank,
  isBreak,
  isDigit,
  isLetter,
  isUpper,
  LF,
  replaceAll,
  trim,
  UNDERSCORE,
} from './ascii';

export type ValueWarningKind =
  | 'utf-16'
  | 'byte-order-mark'
  | 'invisible'
  | 'line-break'
  | 'doubled-line-breaks'
  | 'space'
  | 'quotes'
  | 'assignment'
  | 'assignments'
  | 'escaped-pem'
  | 'mask'
  | 'placeholder'
  | 'common';

/** Something to look at twice. */
export interface ValueWarning {
  readonly kind: ValueWarningKind;
  /** Lower case, without a full stop; holds nothing of the value. */
  readonly message: string;
  /** What the button that mends it says, where it can be mended. */
  readonly remedy?: string;
}

interface Rule extends ValueWarning {
  readonly isMet: (value: Uint8Array) => boolean;
  /** The value without what the rule found. */
  readonly mend?: (value: Uint8Array) => Uint8Array;
}

const BYTE_ORDER_MARK = Uint8Array.of(0xef, 0xbb, 0xbf);
const NO_BREAK_SPACE = Uint8Array.of(0xc2, 0xa0);
const NOTHING = new Uint8Array();
/** Control characters but tab and line breaks. */
const CONTROLS = [...Array(32).keys(), 127].filter((code) => ![9, 10, 13].includes(code));
/** Those, soft hyphen; zero-width space to right-to-left mark; line separator to right-to-left override; word joiner; isolates. */
const INVISIBLE = [
  ...CONTROLS.map((code) => String.fromCharCode(code)),
  ...['\u00ad', '\u200b', '\u200c', '\u200d', '\u200e', '\u200f', '\u2060', '\ufeff'],
  ...['\u2028', '\u2029', '\u202a', '\u202b', '\u202c', '\u202d', '\u202e'],
  ...['\u2066', '\u2067', '\u2068', '\u2069'],
].map(bytesOf);
const ARMOUR = bytesOf('-----BEGIN ');
const ARMOUR_END = bytesOf('-----END ');
const DASHES = bytesOf('-----');
const ESCAPED_BREAK = bytesOf('\\n');
const EXPORT = bytesOf('export');
const QUOTES = bytesOf('"\'`');

/** What stands in documentation where a value should be. */
const PLACEHOLDERS = [
  ...['todo', 'tbd', 'n/a', 'null', 'undefined', 'none', 'changeme', 'change-me', 'change_me', 'change me'],
  ...[
    'replaceme',
    'replace-me',
    'replace_me',
    'replace me',
    'placeholder',
    'place-holder',
    'example',
    'dummy',
  ],
  ...['test', 'secret', 'value', 'password', 'foobar', 'lorem ipsum'],
].map(bytesOf);
const PLACEHOLDER_BEGINNINGS = ['your', 'my', 'insert', 'enter'].map(bytesOf);
const AROUND_PLACEHOLDERS = [
  ['<', '>'],
  ['[', ']'],
  ['${', '}'],
  ['{{', '}}'],
].map(([open, close]) => [bytesOf(open as string), bytesOf(close as string)] as const);

/** What shows in place of a value. */
const MASKS = ['redacted', 'masked', 'hidden', 'filtered', 'secret hidden', 'removed', 'sensitive'].flatMap(
  (word) => [word, `<${word}>`, `[${word}]`, `(${word})`, `{${word}}`, `***${word}***`].map(bytesOf),
);
const MASK_CHARACTERS = ['*', '•', '●', '·', '∙', '⬤'].map(bytesOf);
const DOTS = ['...', '…'].map(bytesOf);
/** As much of a value as masks leave at each end. */
const LONGEST_EDGE = 12;

/** Shorter ones stand in other text by chance: the masker of logs looks for whole words only. */
const SHORTEST_UNCOMMON = 8;
const COMMON = [
  ...['production', 'development', 'localhost', '127.0.0.1', '0.0.0.0', 'disabled', 'postgres', 'postgresql'],
  ...['username', 'administrator', 'anonymous', 'us-east-1', 'us-west-2', 'eu-west-1', 'eu-central-1'],
].map(bytesOf);

const RULES: readonly Rule[] = [
  {
    kind: 'utf-16',
    message: 'the value looks like UTF-16 text, of which every second byte is zero; save it as UTF-8',
    isMet: isUtf16,
  },
  {
    kind: 'byte-order-mark',
    message:
      'the value begins with a byte order mark, which is saved as part of it; save the file without one',
    remedy: 'Remove the mark',
    isMet: (value) => isAt(value, 0, BYTE_ORDER_MARK),
    mend: (value) => value.subarray(BYTE_ORDER_MARK.length),
  },
  {
    kind: 'invisible',
    message:
      'the value has characters that nobody sees, as web pages, chats and terminals put in; type or copy it again',
    remedy: 'Remove the invisible characters',
    isMet: (value) => !isUtf16(value) && INVISIBLE.some((one) => indexOf(afterMark(value), one) >= 0),
    mend: (value) =>
      replaceAll(
        value,
        INVISIBLE.map((one) => [one, NOTHING]),
      ),
  },
  {
    kind: 'line-break',
    message: 'the value ends with a line break; most services refuse a key that does',
    remedy: 'Remove the line break',
    isMet: (value) => isBreak(value.at(-1)) && !isPemWithItsNewline(value),
    mend: withoutLineBreaks,
  },
  {
    kind: 'doubled-line-breaks',
    message:
      'every second line of the value is empty, as where a terminal pastes a file from Windows; take the value from the file',
    remedy: 'Remove the empty lines',
    isMet: hasDoubledLineBreaks,
    mend: (value) => replaceAll(value, [[Uint8Array.of(LF, LF), Uint8Array.of(LF)]]),
  },
  {
    kind: 'space',
    message: 'the value starts or ends with a space, which is saved as part of it',
    remedy: 'Remove the spaces',
    isMet: (value) => withoutSpaces(value).length < value.length,
    mend: withoutSpaces,
  },
  {
    kind: 'quotes',
    message: 'the value stands in quotes, which are saved as part of it',
    remedy: 'Remove the quotes',
    isMet: isQuoted,
    mend: (value) => trim(value).subarray(1, -1),
  },
  {
    kind: 'assignment',
    message:
      'the value looks like NAME=value pasted whole; the name and the equals sign are saved as part of it',
    remedy: 'Keep what follows the equals sign',
    isMet: (value) => assignedAt(value, 0) !== undefined,
    mend: (value) => value.subarray(assignedAt(value, 0)),
  },
  {
    kind: 'assignments',
    message: 'the value has lines that look like NAME=value; all of them are saved as this one value',
    isMet: hasLaterAssignment,
  },
  {
    kind: 'escaped-pem',
    message: 'the value is a PEM whose line breaks are written as \\n; most programs read real ones only',
    remedy: 'Make them line breaks',
    isMet: (value) =>
      isAtExactly(unquoted(value), 0, ARMOUR) && indexOf(value, ESCAPED_BREAK, ARMOUR.length) >= 0,
    mend: (value) =>
      replaceAll(value, [
        [bytesOf('\\r\\n'), Uint8Array.of(LF)],
        [ESCAPED_BREAK, Uint8Array.of(LF)],
      ]),
  },
  {
    kind: 'mask',
    message: 'the value looks like a mask, copied from where the value itself is hidden; copy the value',
    isMet: isMask,
  },
  {
    kind: 'placeholder',
    message: 'the value looks like placeholder text; put the real one in its place',
    isMet: isPlaceholder,
  },
  {
    kind: 'common',
    message:
      'the value is so short or so common that masking it would spoil logs; what is not secret belongs in settings',
    isMet: (value) => !isPlaceholder(value) && !isMask(value) && isCommon(trim(value)),
  },
];

/** @returns one warning for each rule that the value meets; none holds any of the value. */
export function warningsAbout(value: Uint8Array): ValueWarning[] {
  if (value.length === 0) return [];
  return RULES.filter((rule) => rule.isMet(value)).map(({ kind, message, remedy }) =>
    remedy === undefined ? { kind, message } : { kind, message, remedy },
  );
}

/** The value without what the warning is about; a part of it or a copy. */
export function mendValue(value: Uint8Array, { kind }: ValueWarning): Uint8Array {
  return RULES.find((rule) => rule.kind === kind)?.mend?.(value) ?? value;
}

function afterMark(value: Uint8Array): Uint8Array {
  return isAt(value, 0, BYTE_ORDER_MARK) ? value.subarray(BYTE_ORDER_MARK.length) : value;
}

function isAtExactly(value: Uint8Array, at: number, part: Uint8Array): boolean {
  return part.every((byte, index) => value[at + index] === byte);
}

function isUtf16(value: Uint8Array): boolean {
  const [first, second] = value;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  if (value.length < 4 || value.length % 2 === 1) return false;
  let [even, odd] = [0, 0];
  for (let at = 0; at < value.length; at++) if (value[at] === 0) void (at % 2 === 0 ? even++ : odd++);
  return Math.max(even, odd) > value.length / 4 && Math.min(even, odd) === 0;
}

/** Whether it is armoured text that ends as its kind ends: with one line break after the last line of dashes. */
function isPemWithItsNewline(value: Uint8Array): boolean {
  if (indexOf(value, ARMOUR) < 0) return false;
  const text = withoutLineBreaks(value);
  const ending = value.length - text.length;
  const isOne = ending === 1 || (ending === 2 && value.at(-1) === LF && value.at(-2) !== LF);
  const start = Math.max(text.lastIndexOf(LF), 0) + 1;
  return isOne && isAtExactly(text, start, ARMOUR_END) && isAtExactly(text, text.length - 5, DASHES);
}

function withoutLineBreaks(value: Uint8Array): Uint8Array {
  let end = value.length;
  while (end > 0 && isBreak(value[end - 1])) end--;
  return value.subarray(0, end);
}

/** Whether each line break within it is two, and there are several: terminals send one for each half of CR and LF. */
function hasDoubledLineBreaks(value: Uint8Array): boolean {
  const text = trim(value);
  let doubled = 0;
  for (let at = text.indexOf(LF); at >= 0; at = text.indexOf(LF, at)) {
    const start = at;
    while (text[at] === LF) at++;
    if ((at - start) % 2 === 1) return false;
    doubled++;
  }
  return doubled > 1;
}

/** Without spaces and tabs around it, the no-break space too, and line breaks before it. */
function withoutSpaces(value: Uint8Array): Uint8Array {
  let [start, end] = [0, value.length];
  for (;;) {
    if (isBlank(value[start]) || isBreak(value[start])) start++;
    else if (isAtExactly(value, start, NO_BREAK_SPACE)) start += 2;
    else break;
  }
  for (;;) {
    if (end > start && isBlank(value[end - 1])) end--;
    else if (end - 2 >= start && isAtExactly(value, end - 2, NO_BREAK_SPACE)) end -= 2;
    else break;
  }
  return start >= value.length ? value : value.subarray(start, end);
}

function isQuoted(value: Uint8Array): boolean {
  const text = trim(value);
  const [quote = 0] = text;
  return text.length >= 2 && QUOTES.includes(quote) && text.at(-1) === quote;
}

function unquoted(value: Uint8Array): Uint8Array {
  return isQuoted(value) ? trim(value).subarray(1, -1) : trim(value);
}

/** Where the value of a `NAME=value` begins that is at `at`; the name is upper case, as variables are. */
function assignedAt(value: Uint8Array, at: number): number | undefined {
  const skipBlanks = () => {
    while (isBlank(value[at])) at++;
  };
  while (isBlank(value[at]) || (at === 0 && isBreak(value[at]))) at++;
  if (isAtExactly(value, at, EXPORT) && isBlank(value[at + EXPORT.length])) {
    at += EXPORT.length;
    skipBlanks();
  }
  const first = value[at] ?? 0;
  if (!isUpper(first) && first !== UNDERSCORE) return undefined;
  while (isUpper(value[at] ?? 0) || isDigit(value[at] ?? 0) || value[at] === UNDERSCORE) at++;
  skipBlanks();
  if (value[at++] !== EQUALS) return undefined;
  skipBlanks();
  // `==` ends base64 and base32.
  const next = value[at];
  return next === undefined || next === EQUALS || isBreak(next) ? undefined : at;
}

function hasLaterAssignment(value: Uint8Array): boolean {
  for (let at = value.indexOf(LF); at >= 0; at = value.indexOf(LF, at + 1))
    if (assignedAt(value, at + 1) !== undefined) return true;
  return false;
}

function isMask(value: Uint8Array): boolean {
  const text = trim(value);
  if (isOneOf(MASKS, text)) return true;
  const start = edgeEnd(text, 0);
  for (const character of MASK_CHARACTERS) {
    let at = start;
    while (isAt(text, at, character)) at += character.length;
    if (at - start >= 3 * character.length && edgeEnd(text, at) === text.length) return true;
  }
  // `axk_1234…abcd`; dots with nothing after them are how documentation shortens a key.
  return DOTS.some((dots) => {
    const at = start + dots.length;
    return start > 0 && isAt(text, start, dots) && at < text.length && edgeEnd(text, at) === text.length;
  });
}

/** Where the letters, digits, hyphens and underscores end that begin at `at`, of which a mask shows only a few. */
function edgeEnd(text: Uint8Array, at: number): number {
  let end = at;
  while (end < text.length && end - at < LONGEST_EDGE && isWord(text[end] ?? 0)) end++;
  return end;
}

function isWord(byte: number): boolean {
  return isLetter(byte) || isDigit(byte) || byte === UNDERSCORE || byte === 0x2d;
}

function isPlaceholder(value: Uint8Array): boolean {
  const text = trim(value);
  if (isMask(text)) return false;
  if (isOneOf(PLACEHOLDERS, text)) return true;
  const hasSeparator = (at: number) => [0x2d, UNDERSCORE, 0x20].includes(text[at] ?? 0);
  if (PLACEHOLDER_BEGINNINGS.some((one) => isAt(text, 0, one) && hasSeparator(one.length))) return true;
  if (text.length >= 3 && text.every((byte) => byte === 0x78 || byte === 0x58)) return true;
  const isAround = AROUND_PLACEHOLDERS.some(
    ([open, close]) =>
      isAt(text, 0, open) &&
      isAt(text, text.length - close.length, close) &&
      indexOf(text, close, open.length) === text.length - close.length,
  );
  return (
    isAround ||
    DOTS.some((dots) => edgeEnd(text, 0) + dots.length === text.length && isAt(text, edgeEnd(text, 0), dots))
  );
}

function isCommon(text: Uint8Array): boolean {
  return text.length < SHORTEST_UNCOMMON || isOneOf(COMMON, text);
}

function isOneOf(words: readonly Uint8Array[], text: Uint8Array): boolean {
  return words.some((word) => word.length === text.length && isAt(text, 0, word));
}
