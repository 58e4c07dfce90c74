/**
 * The forms in which a value may turn up in text: as it is, line by line, in base64 at any
 * alignment, in hex, URL-encoded and JSON-escaped.
 *
 * Forms are UTF-8 bytes, so that matching needs no view of characters: a value next to a
 * combining mark or half of a line ending is found like any other.
 */

/** Values shorter than this many bytes are only masked where they are a whole message, attribute or key: within text, masking every `1` or `no` would hide the log and not the value. */
export const SHORTEST_WITHIN_TEXT = 4;

const SHORTEST_LINE = 8;

// Most keys and tokens: the same text in JSON and in a URL (RFC 3986 §2.3).
const UNRESERVED = /^[A-Za-z0-9._~-]*$/;

// What every PEM file says is no secret.
const PEM_ARMOUR = /^-----(BEGIN|END) [A-Z0-9 ]+-----$/;

/** Every form of a value that is long enough to be looked for within text, once each. */
export function valueForms(value: Uint8Array): Buffer[] {
  const raw = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const text = raw.toString('utf8');
  const forms = new Set<string>([
    text,
    ...(UNRESERVED.test(text) ? [] : [...lines(text), ...jsonForms(text), ...urlForms(text)]),
    raw.toString('hex'),
    raw.toString('hex').toUpperCase(),
    ...base64Forms(raw),
  ]);
  return [...forms]
    .map((form) => Buffer.from(form, 'utf8'))
    .filter((form) => form.length >= SHORTEST_WITHIN_TEXT);
}

/** A file logged line by line shows its value too; the short lines of one (`}`, `yes`) show nothing. */
function lines(text: string): string[] {
  const all = text.split(/\r\n|[\r\n]/);
  if (all.length < 2) return [];
  return all
    .map((line) => line.trim())
    .filter((line) => line.length >= SHORTEST_LINE && !PEM_ARMOUR.test(line));
}

const NEEDS_CHOICE = /[<>&\u007f-\uffff]/;

/** RFC 8259 §7 leaves a choice: plain, ASCII only (Python), `<>&` escaped too (Go); and JSON within JSON. */
function jsonForms(text: string): string[] {
  const plain = JSON.stringify(text).slice(1, -1);
  if (plain === text && !NEEDS_CHOICE.test(text)) return [];
  const html = plain.replace(/[<>&\u2028\u2029]/g, unicodeEscape);
  const ascii = plain.replace(/[\u007f-\uffff]/g, unicodeEscape);
  return [plain, html, ascii, JSON.stringify(plain).slice(1, -1), JSON.stringify(ascii).slice(1, -1)];
}

function unicodeEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** RFC 3986 §2 by the rules in use: a component, all that is not unreserved, a whole URI, a form; either case of hex. */
function urlForms(text: string): string[] {
  const component = encodeURIComponent(text);
  const strict = component.replace(/[!'()*]/g, percentEscape);
  const pathLike = strict.replaceAll('%2F', '/'); // Python's quote
  const form = strict.replaceAll('%20', '+');
  const upper = new Set([component, strict, pathLike, form, form.replaceAll('%2A', '*'), encodeURI(text)]);
  return [
    ...upper,
    ...[...upper].map((url) => url.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())),
  ];
}

function percentEscape(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/**
 * RFC 4648 §4 and §5. Within longer text a value may begin at any of three alignments;
 * characters that also hold bits of its neighbours are left off at both ends.
 */
function base64Forms(raw: Buffer): string[] {
  const forms: string[] = [];
  for (const before of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(before), raw]).toString('base64');
    const partial = (before + raw.length) % 3 === 0 ? 0 : 1;
    const core = encoded.replace(/=+$/, '');
    const form = core.slice(before === 0 ? 0 : before + 1, core.length - partial);
    forms.push(form, form.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return forms;
}
