/** The storage shim (storage-shim.c), built with the system's compiler, and its controls. */

import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';

/** Which calls count. */
export const CALLS = {
  read: 1,
  write: 2,
  sync: 4,
  truncate: 8,
  open: 16,
  stat: 32,
  unlink: 64,
  all: 127,
} as const;

/** What becomes of one call. */
export interface Fault {
  readonly calls: number;
  /** From 1, counted since the fault was set. */
  readonly nth: number;
  readonly error?: 'EIO' | 'ENOSPC';
  readonly stallMs?: number;
  /** How many calls from the nth on. */
  readonly repeat?: number;
}

const FIELDS = 7;

/** Why it cannot be built here; undefined where it can. */
export function missingCompiler(): string | undefined {
  if (process.platform !== 'linux') return 'the storage shim is for Linux';
  return spawnSync('cc', ['--version']).status === 0 ? undefined : 'cc, a C compiler, is not on this machine';
}

export const isShimRequired = process.env['AXIOM_REQUIRE_SHIM'] === '1';

export class StorageShim {
  /** What a process is started with, to have the shim. */
  readonly env: NodeJS.ProcessEnv;
  readonly #control: number;

  /** @param scratch a folder for the built shim and its controls. @param folder whose files it watches. */
  constructor(scratch: string, folder: string) {
    const library = join(scratch, 'storage-shim.so');
    const control = join(scratch, 'control');
    const source = join(__dirname, 'storage-shim.c');
    const built = spawnSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl']);
    if (built.status !== 0) throw new Error(`the storage shim does not build: ${built.stderr.toString()}`);
    this.#control = openSync(control, 'w+');
    this.#set([0, 0, 0, 0, 0, 0, 0]);
    this.env = {
      ...process.env,
      LD_PRELOAD: library,
      AXIOM_SHIM_FOLDER: folder,
      AXIOM_SHIM_CONTROL: control,
    };
  }

  set({ calls, nth, error, stallMs = 0, repeat = 1 }: Fault): void {
    this.clear();
    this.#set([error === undefined ? 0 : constants.errno[error], calls, nth, 0, 0, stallMs, repeat]);
  }

  /** Nothing fails; calls are counted from now on. */
  count(calls: number): void {
    this.clear();
    this.#set([-1, calls, 0, 0, 0, 0, 0]);
  }

  clear(): void {
    this.#set([-1, 0, 0, 0, 0, 0, 0]);
  }

  /** How many calls there were since it was set, and how many of them failed or stalled. */
  get seen(): { readonly counted: number; readonly fired: number } {
    const bytes = Buffer.alloc(FIELDS * 4);
    readSync(this.#control, bytes, 0, bytes.length, 0);
    return { counted: bytes.readInt32LE(12), fired: bytes.readInt32LE(16) };
  }

  close(): void {
    closeSync(this.#control);
  }

  #set(fields: readonly number[]): void {
    const bytes = Buffer.alloc(FIELDS * 4);
    fields.forEach((field, index) => bytes.writeInt32LE(field, index * 4));
    writeSync(this.#control, bytes, 0, bytes.length, 0);
  }
}
