/**
 * Seals in a thread of its own: a key agreement takes longer than the rest of a write's steps, and the event loop serves
 * others meanwhile (docs/decisions/what-an-add-costs.md). The thread is started with the first value. What one turn of
 * the event loop brings goes to it in blocks of a few: the first of them are written while the thread seals the next.
 */

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DomainError } from '../../domain/errors';
import type { PrefixedKey } from '../format/key-ring';
import type { P256PublicKey } from '../hpke/kem';
import type { HybridEncrypt } from '../tink/hybrid-encrypt';
import { packBlock, unpackBlock } from './byte-block';

/** The built thread: dist/crypto/seal, from there as well as from src/crypto/seal under test. */
const THREAD = join(__dirname, '..', '..', '..', 'dist', 'crypto', 'seal', 'sealing-thread-main.js');

/** Megabytes of its heap. Blocks are outside of it. */
const HEAP = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 32 } as const;

/** Values. Each block has a hop of its own, so it is worth more than one value, and who waits for one waits for all of it. */
const BLOCK = 8;

/** A value that somebody waits for. */
interface Asked {
  readonly point: Uint8Array;
  readonly info: Uint8Array;
  /** Its owner's, who overwrites it once it is sealed. */
  readonly plaintext: Uint8Array;
  resolve(sealed: Uint8Array): void;
  reject(error: Error): void;
}

export class SealingThread {
  #worker: Worker | undefined;
  /** For the next block. */
  #asked: Asked[] = [];
  /** Of each block that the thread has, the oldest first: it answers in their order. */
  #sent: (readonly Asked[])[] = [];

  /** Tink's HybridEncrypt with the key, done in the thread. @throws DomainError UNAVAILABLE when the thread ends. */
  encryptTo({ prefix, key: { point } }: PrefixedKey<P256PublicKey>): HybridEncrypt {
    return {
      prefix,
      encrypt: async (plaintext, info) => {
        const sealed = await new Promise<Uint8Array>((resolve, reject) => {
          if (this.#asked.length === 0) setImmediate(() => this.#send());
          this.#asked.push({ point, info, plaintext, resolve, reject });
        });
        return Buffer.concat([prefix, sealed]);
      },
    };
  }

  /** Whoever waits is told that it ended. */
  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #send(): void {
    const all = this.#asked;
    this.#asked = [];
    this.#worker ??= this.#start();
    // The process ends when it has nothing else to do, but not while somebody waits for an answer.
    this.#worker.ref();
    for (let at = 0; at < all.length; at += BLOCK) this.#sendBlock(this.#worker, all.slice(at, at + BLOCK));
  }

  #sendBlock(worker: Worker, asked: readonly Asked[]): void {
    const block = packBlock(asked.flatMap(({ point, info, plaintext }) => [point, info, plaintext]));
    this.#sent.push(asked);
    worker.postMessage(block, [block.buffer]);
  }

  #start(): Worker {
    const worker = new Worker(THREAD, { resourceLimits: HEAP });
    worker.on('message', (block: Uint8Array) => {
      const asked = this.#sent.shift() ?? [];
      if (this.#sent.length === 0) worker.unref();
      const sealed = unpackBlock(block);
      for (const [index, one] of asked.entries()) one.resolve(sealed[index] as Uint8Array);
    });
    // An error of the thread comes before its exit.
    worker.on('error', () => {});
    worker.on('exit', () => {
      this.#worker = undefined;
      const lost = this.#sent.flat();
      this.#sent = [];
      for (const one of lost) one.reject(ended());
    });
    return worker;
  }
}

function ended(): DomainError {
  return new DomainError(
    'UNAVAILABLE',
    'what seals values ended before this one was sealed, and nothing was stored; send it again',
    'SEALING_ENDED',
  );
}
