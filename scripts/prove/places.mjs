// Where `npm run prove` looks: files, and the memory of processes (Linux: /proc, as the same user or root).

import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

const CHUNK_BYTES = 64 * 1024 * 1024;
/** Longer than any form of a mark: one that lies across two chunks is found in the second. */
const OVERLAP_BYTES = 1024;

/** Every readable byte of a process's memory, in chunks. */
export function* memoryOf(pid) {
  const maps = readFileSync(`/proc/${pid}/maps`, 'utf8');
  const file = openSync(`/proc/${pid}/mem`, 'r');
  try {
    for (const [, from, to] of maps.matchAll(/^([0-9a-f]+)-([0-9a-f]+) r/gm)) {
      yield* regionOf(file, BigInt(`0x${from}`), BigInt(`0x${to}`));
    }
  } finally {
    closeSync(file);
  }
}

function* regionOf(file, from, to) {
  for (let at = from; at < to; at += BigInt(CHUNK_BYTES - OVERLAP_BYTES)) {
    const left = Number(to - at);
    const chunk = Buffer.allocUnsafe(Math.min(left, CHUNK_BYTES));
    const length = readAt(file, chunk, at);
    yield chunk.subarray(0, length);
    if (left <= CHUNK_BYTES) return;
  }
}

/** @returns how many bytes could be read: the kernel's own pages and those that went away cannot. */
function readAt(file, chunk, at) {
  let length = 0;
  while (length < chunk.byteLength) {
    try {
      const read = readSync(file, chunk, length, chunk.byteLength - length, at + BigInt(length));
      if (read === 0) break;
      length += read;
    } catch {
      break;
    }
  }
  return length;
}

/** What every regular file below a folder holds. */
export function* filesBelow(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory()) yield* filesBelow(path);
    else if (stat?.isFile()) yield readFileSync(path);
  }
}
