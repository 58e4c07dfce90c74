/** A value that occurs nowhere by chance, and the search for it in every form that a leak may take. */

import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A new value. It holds characters that each form writes differently: quotes, percent, slashes, an umlaut. */
export function newCanary(): string {
  return `cnry"${randomBytes(9).toString('hex')}%/+ü\\${randomBytes(9).toString('hex')}`;
}

/** Everything that a sweep looks for. */
export function formsOf(canary: string): readonly { readonly form: string; readonly needle: string }[] {
  const bytes = Buffer.from(canary, 'utf8');
  const json = JSON.stringify(canary).slice(1, -1);
  return [
    { form: 'raw', needle: canary },
    { form: 'hex', needle: bytes.toString('hex') },
    { form: 'HEX', needle: bytes.toString('hex').toUpperCase() },
    { form: 'url', needle: encodeURIComponent(canary) },
    { form: 'json', needle: json },
    { form: 'json in json', needle: JSON.stringify(json).slice(1, -1) },
    { form: 'list of bytes', needle: [...bytes.subarray(0, 16)].join(',') },
    ...base64Forms(bytes),
  ];
}

/** base64 depends on where the value starts in what was encoded: the inner part of each alignment is the needle. */
function base64Forms(bytes: Buffer): { form: string; needle: string }[] {
  return [0, 1, 2].flatMap((offset) => {
    const shifted = Buffer.concat([Buffer.alloc(offset), bytes]);
    const inner = (text: string) => text.slice(offset === 0 ? 0 : 4, Math.floor(shifted.length / 3) * 4);
    return [
      { form: `base64 at ${offset}`, needle: inner(shifted.toString('base64')) },
      { form: `base64url at ${offset}`, needle: inner(shifted.toString('base64url')) },
    ];
  });
}

/** A place that was searched, with what it holds. */
export interface Place {
  readonly name: string;
  readonly contents: Buffer;
}

/** @returns `place: form` for everything found. */
export function sweep(canaries: readonly string[], places: readonly Place[]): string[] {
  return canaries.flatMap((canary) =>
    formsOf(canary).flatMap(({ form, needle }) =>
      places.filter((place) => place.contents.includes(needle)).map((place) => `${place.name}: ${form}`),
    ),
  );
}

/** Every regular file below a folder. */
export function filesBelow(folder: string): Place[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory()) return filesBelow(path);
    return stat?.isFile() ? [{ name: path, contents: readFileSync(path) }] : [];
  });
}

/** The arguments and the environment of a process and of all its descendants (Linux). */
export function processPlaces(pid: number): Place[] {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(Number(name)) === pid)
    .map(Number);
  const own = ['cmdline', 'environ'].map((file) => ({
    name: `/proc/${pid}/${file}`,
    contents: readFileSync(`/proc/${pid}/${file}`),
  }));
  return [...own, ...children.flatMap(processPlaces)];
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return undefined; // it ended while we looked
  }
}
