// Lets one process of this machine at a time do something in this clone. A lock is free again as soon as its holder has ended,
// however that was, and nobody who waited takes it from a later holder.

import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 100;

/** Runs `work` while no other process holds the lock, a path; `waiting` is called once, with the file that holds it. */
export async function withLock(path, work, waiting) {
  let release = tryLock(path);
  if (release === undefined) {
    const turn = lastTurn(path);
    waiting(`${path}.${turn}`);
    while ((release = tryLock(path)) === undefined) await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    release();
  }
}

/**
 * Takes the lock, a path, where no living process holds it. Each turn has a file of its own, PATH.1, PATH.2 and so on,
 * with its holder's process id, empty once that has let go: a lock of one name, which has to be removed where its holder
 * died, is removed from the next holder by whoever is late to see the death.
 * @returns what lets go of it; undefined: another holds it.
 */
export function tryLock(path) {
  mkdirSync(dirname(path), { recursive: true });
  const last = lastTurn(path);
  if (last > 0 && isHeld(`${path}.${last}`)) return undefined;
  const mine = `${path}.${last + 1}`;
  if (!makeWhole(mine, String(process.pid))) return undefined;
  if (lastTurn(path) > last + 1) {
    // Turns came and went since we looked, and with them the file that would have been in our way.
    rmSync(mine, { force: true });
    return undefined;
  }
  for (const turn of turns(path)) if (turn <= last) rmSync(`${path}.${turn}`, { force: true });
  return () => letGoOf(mine);
}

/** Where somebody removed our turn's file, as those who wait are told that they may, another's may stand in its place. */
function letGoOf(mine) {
  try {
    if (readFileSync(mine, 'utf8') === String(process.pid)) writeFileSync(mine, '');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

function lastTurn(path) {
  return Math.max(0, ...turns(path));
}

function turns(path) {
  const start = `${basename(path)}.`;
  return readdirSync(dirname(path))
    .filter((name) => name.startsWith(start) && /^\d+$/.test(name.slice(start.length)))
    .map((name) => Number(name.slice(start.length)));
}

/** A file that is gone was of a turn that another has followed: it is asked for again. */
function isHeld(turn) {
  try {
    const holder = readFileSync(turn, 'utf8');
    return holder !== '' && isAlive(Number(holder));
  } catch (error) {
    if (error.code === 'ENOENT') return true;
    throw error;
  }
}

/** Makes a file with all of its text, or none. @returns whether there was none. */
function makeWhole(path, text) {
  const draft = `${path}-${process.pid}`;
  writeFileSync(draft, text);
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
