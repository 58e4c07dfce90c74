// What `npm run prove` looks for: a mark in each of the forms that a copy of it may have.

import { randomBytes } from 'node:crypto';

/** Text that occurs nowhere by chance and that every form writes in its own way. */
export function newMark() {
  return `pr"${randomBytes(6).toString('hex')}%/+\\${randomBytes(6).toString('hex')}`;
}

/** A value that begins with the mark. */
export function newValue(mark) {
  return `${mark}-${randomBytes(12).toString('hex')}`;
}

/** A mark as it is, and as base64, hex, URL, JSON, UTF-16 and lists of bytes write it. */
export function formsOf(mark) {
  const bytes = Buffer.from(mark);
  const json = JSON.stringify(mark).slice(1, -1);
  const hex = bytes.toString('hex');
  return [
    { form: 'raw', needle: bytes },
    { form: 'UTF-16', needle: Buffer.from(mark, 'utf16le') },
    { form: 'hex', needle: Buffer.from(hex) },
    { form: 'HEX', needle: Buffer.from(hex.toUpperCase()) },
    { form: 'URL', needle: Buffer.from(encodeURIComponent(mark)) },
    { form: 'JSON', needle: Buffer.from(json) },
    { form: 'JSON in JSON', needle: Buffer.from(JSON.stringify(json).slice(1, -1)) },
    { form: 'list of bytes', needle: Buffer.from([...bytes.subarray(0, 16)].join(',')) },
    ...base64Forms(bytes),
  ];
}

/** base64 depends on where the text starts in what was encoded: the inner part of each alignment is the needle. */
function base64Forms(bytes) {
  return [0, 1, 2].flatMap((offset) => {
    const shifted = Buffer.concat([Buffer.alloc(offset), bytes]);
    const inner = (text) => Buffer.from(text.slice(offset === 0 ? 0 : 4, Math.floor(shifted.length / 3) * 4));
    return [
      { form: `base64 at ${offset}`, needle: inner(shifted.toString('base64')) },
      { form: `base64url at ${offset}`, needle: inner(shifted.toString('base64url')) },
    ];
  });
}
