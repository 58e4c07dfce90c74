/**
 * What of a value is a secret by itself, and what of it is not.
 *
 * A database's URL holds a password, a service account's JSON a private key: code takes them
 * out and may log them alone, decoded. A URL's host and the first line of a PEM file are
 * in the value too and are not secret.
 */

import { PIECE_BYTES, type Range } from './piece-index';

/** A value of fewer bytes is found whole only, not piece by piece. */
export const SHORTEST_IN_PIECES = 16;
/** Parts of fewer bytes are words like any other. */
export const SHORTEST_PART = 8;
const SHORTEST_PASSWORD = 4;
/** Of one value no more parts are taken; those of 12 bytes and more are found as pieces anyway. */
export const MOST_PARTS = 64;
/** A value of more bytes is not read as JSON. */
const LONGEST_JSON = 65_536;

export interface SecretParts {
  /** To be found whole. */
  readonly whole: readonly Buffer[];
  /** Text that is not in the value as it is, to be found piece by piece. */
  readonly decoded: readonly Buffer[];
  /** What is not secret by itself. */
  readonly plain: readonly Range[];
}

const PEM_ARMOUR = /-----(?:BEGIN|END) [A-Z0-9 ]{1,40}-----/g;
// These are asked of whole values: each begins where the one before cannot, or is bounded, so none tries a text twice.
// RFC 3986 §3: scheme, user information, host and port, and what comes after them.
const URL_FORM =
  /^([a-z][a-z0-9+.-]{0,30}:\/\/)(?:([^\s/?#@:]*)(?::([^\s/?#@]*))?@)?([^\s/?#@]*)((?:[/?#@]\S*)?)$/i;
const QUERY_VALUE = /[?&#;][^=&#;\s]{1,64}=([^&#;\s]+)/g;
// ADO.NET and libpq connection strings.
// A string of JSON, to the end of the text where it does not end; where it is a key, with the string that is its value,
// or with what else its value begins with.
const JSON_STRING = /"((?:[^"\\]|\\[^])*)(?:"(\s*:\s*(?:"((?:[^"\\]|\\[^])*)"|"?))?|\\?$)/g;
const SECRET_KEY = /pass|pwd|secret|token|key|cred|auth/i;
/** A word or two, a mail address, a URL without user and query: no secret unless its key says so. */
const PLAIN_STRING = /^(?:[A-Za-z_. -]*|[\w.+-]+@[\w.-]+|https?:\/\/[^\s@?]*)$/;
const SETTING =
  /(?:password|pwd|secret|token|accountkey|sharedaccesskey|signature)\s*=\s*("[^"]*"|'[^']*'|[^;\s]+)/gi;

export function secretParts(value: Buffer): SecretParts {
  const text = value.toString('utf8');
  const parts = new Parts();
  if (text.includes('\n') || text.includes('\r'))
    for (const line of text.split(/[\r\n]+/)) parts.add(line.trim());
  if (isJson(text)) parts.addJson(text);
  parts.addUrl(text);
  if (text.includes('='))
    for (const match of text.matchAll(SETTING))
      parts.add((match[1] as string).replace(/^["']|["']$/g, ''), SHORTEST_PASSWORD);
  return { ...parts.taken(), plain: plainRanges(value, text) };
}

class Parts {
  readonly #whole = new Set<string>();
  readonly #decoded = new Set<string>();

  /** A part that is in the value as it is. */
  add(text: string, shortest = SHORTEST_PART): void {
    const length = Buffer.byteLength(text);
    if (length < shortest || length >= SHORTEST_IN_PIECES || isArmour(text)) return;
    if (this.#whole.size < MOST_PARTS) this.#whole.add(text);
  }

  /** A part that the value writes in another way. */
  addDecoded(text: string, shortest = SHORTEST_PART): void {
    if (Buffer.byteLength(text) < SHORTEST_IN_PIECES) this.add(text, shortest);
    else this.#decoded.add(text);
  }

  /** Every string that JSON holds as a value. */
  addJson(text: string): void {
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch {
      return;
    }
    const waiting: [key: string, value: unknown][] = [['', parsed]];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [key, value] = next;
      if (typeof value === 'string') {
        if (isPlainString(key, value)) continue;
        if (JSON.stringify(value).slice(1, -1) === value) this.add(value);
        else this.addDecoded(value);
        this.addUrl(value);
      } else if (typeof value === 'object' && value !== null) {
        for (const entry of Object.entries(value)) waiting.push(entry);
      }
    }
  }

  /** The password of a URL, and what its query says, as they are and decoded. */
  addUrl(text: string): void {
    const url = urlParts(text);
    if (url === null) return;
    const [, , , password, , rest] = url;
    if (password !== undefined) this.#addBoth(password, SHORTEST_PASSWORD);
    for (const match of (rest ?? '').matchAll(QUERY_VALUE)) this.#addBoth(match[1] as string, SHORTEST_PART);
  }

  #addBoth(text: string, shortest: number): void {
    this.add(text, shortest);
    const decoded = percentDecoded(text);
    if (decoded !== text) this.addDecoded(decoded, shortest);
  }

  taken(): Pick<SecretParts, 'whole' | 'decoded'> {
    const bytes = (texts: Set<string>): Buffer[] => Array.from(texts, (text) => Buffer.from(text));
    return { whole: bytes(this.#whole), decoded: bytes(this.#decoded) };
  }
}

/** Whether a value's first character may begin JSON that has strings. */
export function mayBeJson(value: Uint8Array): boolean {
  const begin = Buffer.from(value.buffer, value.byteOffset, Math.min(value.length, 256));
  return /^\s*(?:[[{"]|$)/.test(begin.toString('utf8'));
}

function urlParts(text: string): RegExpExecArray | null {
  return text.includes('://') ? URL_FORM.exec(text) : null;
}

function isJson(text: string): boolean {
  return text.length <= LONGEST_JSON && /^\s*[[{"]/.test(text);
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isArmour(text: string): boolean {
  return text.replace(PEM_ARMOUR, '') === '';
}

function plainRanges(value: Buffer, text: string): Range[] {
  const ranges: Range[] = [];
  if (text.includes('-----')) addMatches(ranges, value, text.matchAll(PEM_ARMOUR));
  if (isJson(text)) addMatches(ranges, value, plainPairs(text));
  if (text.includes('=')) addBetween(ranges, value, text, text.matchAll(SETTING));
  const url = urlParts(text);
  if (url !== null) {
    const [, scheme = '', user, , host = ''] = url;
    // Without user information scheme and host are one.
    if (user === undefined) addRange(ranges, value, scheme + host, 0);
    else {
      addRange(ranges, value, scheme, 0);
      addRange(ranges, value, host, value.indexOf(`@${host}`));
    }
  }
  return ranges;
}

/** Keys, and the strings beside them that are not secret. */
function* plainPairs(text: string): Generator<[string]> {
  for (const [pair, key = '', beside, string] of text.matchAll(JSON_STRING)) {
    if (beside === undefined) continue;
    if (string === undefined || isPlainString(key, string)) yield [pair];
    else yield [pair.slice(0, pair.length - string.length - 1)];
  }
}

function isPlainString(key: string, text: string): boolean {
  return !SECRET_KEY.test(key) && PLAIN_STRING.test(text);
}

/** What is around a connection string's secret settings. */
function addBetween(ranges: Range[], value: Buffer, text: string, secrets: Iterable<RegExpMatchArray>): void {
  let from = 0;
  let any = false;
  for (const match of secrets) {
    const secret = match[1] as string;
    const end = (match.index ?? 0) + match[0].length;
    addRange(ranges, value, text.slice(from, end - secret.length), 0);
    from = end;
    any = true;
  }
  if (any) addRange(ranges, value, text.slice(from), 0);
}

function addMatches(ranges: Range[], value: Buffer, matches: Iterable<readonly string[]>): void {
  let from = 0;
  for (const [part = ''] of matches) from = addRange(ranges, value, part, from);
}

/** @returns where the part ends. */
function addRange(ranges: Range[], value: Buffer, part: string, from: number): number {
  const begin = value.indexOf(part, Math.max(0, from));
  const end = begin + Buffer.byteLength(part);
  if (begin >= 0 && end - begin >= PIECE_BYTES) ranges.push({ begin, end });
  return begin < 0 ? from : end;
}
