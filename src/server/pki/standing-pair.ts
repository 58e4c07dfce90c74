/**
 * A certificate and its key as they lie in their folder. A half may write to its own, so one that was taken over may put
 * anything in their place: what is none is as good as missing, and is read neither whole nor through a link. In other folders
 * it was the operator who put it there, who is told.
 */

import { createPrivateKey, randomBytes, X509Certificate, type KeyObject } from 'node:crypto';
import { lstatSync, renameSync } from 'node:fs';
import { DomainError } from '../../domain/errors';
import { NOT_A_FILE, readIfThere, readUnlinked } from '../../files/whole-file';
import type { PairFiles } from '../data-dir';

export interface StandingPair {
  /** Undefined: none is there. */
  readonly certificate: X509Certificate | undefined;
  readonly key: KeyObject | undefined;
}

/** @throws what reading throws, or node:crypto for what is no PEM text. */
export function readPair(files: PairFiles): StandingPair {
  const [certificate, key] = [readIfThere(files.certificate), readIfThere(files.key)];
  return {
    certificate: certificate && new X509Certificate(certificate),
    key: key && createPrivateKey(key),
  };
}

/** Of a half's own folder. @throws the system's error where the disk does not give it. */
export function readPairOfHalf(files: PairFiles): StandingPair {
  return {
    certificate: parsed(files.certificate, (pem) => new X509Certificate(pem)),
    key: parsed(files.key, createPrivateKey),
  };
}

/** A file takes the place of anything but a folder. What is in one is not looked at, so it is not removed either. */
export function putFoldersAside(files: PairFiles): void {
  for (const path of [files.certificate, files.key])
    if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
      renameSync(path, `${path}.${randomBytes(6).toString('hex')}.aside`);
}

function parsed<T>(path: string, parse: (pem: Buffer) => T): T | undefined {
  const pem = readFileOfHalf(path);
  try {
    return pem && parse(pem);
  } catch {
    return undefined;
  }
}

/** A half that has the same user as whoever reads may have set its file to a mode of which nobody may read it. */
function readFileOfHalf(path: string): Buffer | undefined {
  try {
    return readIfThere(path, readUnlinked);
  } catch (error) {
    const isNone = error instanceof DomainError && error.reason === NOT_A_FILE;
    if (isNone || (error as NodeJS.ErrnoException).code === 'EACCES') return undefined;
    throw error;
  }
}
