/** Questions about bytes that are mostly ASCII, asked without making a string of them: they may be a secret's. */

export const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;
export const EQUALS = 0x3d;
export const UNDERSCORE = 0x5f;

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export const isBreak = (byte: number | undefined): boolean => byte === LF || byte === CR;
export const isBlank = (byte: number | undefined): boolean => byte === SPACE || byte === TAB;
export const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
export const isUpper = (byte: number): boolean => byte >= 0x41 && byte <= 0x5a;
export const isLetter = (byte: number): boolean => isUpper(byte) || (byte >= 0x61 && byte <= 0x7a);

/** Whether `part`, in lower case, is at `at`, in whatever case. */
export function isAt(bytes: Uint8Array, at: number, part: Uint8Array): boolean {
  if (at < 0 || at + part.length > bytes.length) return false;
  return part.every((byte, index) => {
    const found = bytes[at + index] as number;
    return byte === (isUpper(found) ? found + 0x20 : found);
  });
}

/** Where `part` begins, byte for byte, or -1. */
export function indexOf(bytes: Uint8Array, part: Uint8Array, from = 0): number {
  const [first = 0] = part;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1))
    if (part.every((byte, index) => bytes[at + index] === byte)) return at;
  return -1;
}

/** The bytes without blanks and line breaks around them; not a copy. */
export function trim(bytes: Uint8Array): Uint8Array {
  let [start, end] = [0, bytes.length];
  while (start < end && (isBlank(bytes[start]) || isBreak(bytes[start]))) start++;
  while (end > start && (isBlank(bytes[end - 1]) || isBreak(bytes[end - 1]))) end--;
  return bytes.subarray(start, end);
}

/** A copy in which each of `parts` is replaced. */
export function replaceAll(
  bytes: Uint8Array,
  parts: readonly (readonly [part: Uint8Array, by: Uint8Array])[],
): Uint8Array {
  const out = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length;) {
    const found = parts.find(([part]) => part.every((byte, index) => bytes[at + index] === byte));
    if (found === undefined) {
      out[length++] = bytes[at++] as number;
    } else {
      out.set(found[1], length);
      length += found[1].length;
      at += found[0].length;
    }
  }
  return out.subarray(0, length);
}
