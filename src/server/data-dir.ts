/** What lies where in the data folder, and the habits of writing there: mode 0600, whole or not at all. */

import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The paths of one data folder. */
export interface DataDir {
  readonly root: string;
  readonly store: string;
  /** The local KEK; only the execution server reads it. */
  readonly kek: string;
  /** Verifies signatures over tenants' public keysets; the management server pins it. */
  readonly verifyingKeyset: string;
  readonly adminApiKey: string;
  readonly operatorSocket: string;
  /** Empty; who starts holds a lock on it. */
  readonly startLock: string;
  /** Where the running service listens, for commands on this machine. */
  readonly serviceInfo: string;
  readonly tls: {
    readonly caCertificate: string;
    readonly caKey: string;
    /** `server`, `engine` or `sidecar`. */
    certificate(name: string): string;
    key(name: string): string;
  };
}

export function dataDirAt(path: string): DataDir {
  const root = resolve(path);
  const at = (...parts: string[]) => join(root, ...parts);
  return {
    root,
    store: at('store.sqlite'),
    kek: at('keys', 'kek.tink'),
    verifyingKeyset: at('keys', 'verifying-keyset.tink'),
    adminApiKey: at('admin-api-key'),
    operatorSocket: at('operator.sock'),
    startLock: at('start.lock'),
    serviceInfo: at('service.json'),
    tls: {
      caCertificate: at('tls', 'ca.crt'),
      caKey: at('tls', 'ca.key'),
      certificate: (name) => at('tls', `${name}.crt`),
      key: (name) => at('tls', `${name}.key`),
    },
  };
}

/** Makes the folders, readable by their owner only. @throws Error when the root is open to others. */
export function createDataDir(dir: DataDir): void {
  mkdirSync(dir.root, { recursive: true, mode: 0o700 });
  const mode = statSync(dir.root).mode & 0o777;
  if ((mode & 0o022) !== 0) {
    throw new Error(
      `others may write to the data folder ${dir.root} (mode ${mode.toString(8)}); run: chmod 700 '${dir.root}'`,
    );
  }
  for (const path of [dirname(dir.kek), dirname(dir.tls.caKey)])
    mkdirSync(path, { recursive: true, mode: 0o700 });
}

/** Writes a file of mode 0600 so that a crash leaves the old file or the new one, and syncs it to disk. */
export function writePrivateFile(path: string, contents: string | Uint8Array): void {
  const partial = `${path}.${process.pid}.partial`;
  const bytes = typeof contents === 'string' ? Buffer.from(contents, 'utf8') : contents;
  try {
    const file = openSync(partial, 'w', 0o600);
    try {
      for (let written = 0; written < bytes.byteLength;) written += writeSync(file, bytes, written);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(partial, path);
  } finally {
    rmSync(partial, { force: true });
  }
  syncToDisk(dirname(path));
}

/** Waits until a file or folder is on disk; a renamed file is once its folder is. */
export function syncToDisk(path: string): void {
  const opened = openSync(path, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

/** @returns undefined when there is no such file. */
export function readIfThere(path: string): Buffer | undefined {
  return existsSync(path) ? readFileSync(path) : undefined;
}
