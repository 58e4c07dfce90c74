/**
 * Pinned bundles that are opened for answers on their way: each once, for all answers that have it in them at the same
 * time. Nothing is opened ahead and nothing is kept: a plaintext is zeroed when the last of its answers has left.
 *
 * Executions of one flow pin the same bundles, so a burst of resolutions opened the same ciphertext again and again, and
 * had as many copies of its values in memory.
 */

import type { TenantOpener } from '../crypto/open/opener';
import type { BundleBinding } from '../crypto/types';
import { scopeKey } from '../domain/scope';
import { giveBack } from '../work/give-back';
import { countSecrets } from './resolution-message';

/** Bytes of an answer, for as long as it needs them. */
export interface AnswerPart {
  readonly bytes: Uint8Array;
  /** How many entries of `secrets` they have. */
  readonly secrets: number;
  /**
   * The answer has left, or is none. What no answer needs any more is zeroed.
   * @param isFree nobody looks at the memory any more on this answer's behalf.
   */
  release(isFree: boolean): void;
}

interface Opened {
  readonly ciphertext: Uint8Array;
  readonly plaintext: Uint8Array;
  readonly secrets: number;
  holders: number;
  /** As all of the answers that had it so far said. */
  isFree: boolean;
}

export class OpenedBundles {
  readonly #opened = new Map<string, Opened>();

  /**
   * @param ciphertext the caller's no more: its memory is given back as soon as nothing is compared with it.
   * @throws as TenantOpener.openBundle.
   */
  async open(opener: TenantOpener, ciphertext: Uint8Array, binding: BundleBinding): Promise<AnswerPart> {
    const key = `${binding.tenantId}/${scopeKey(binding.scope)}/${binding.revision}`;
    const known = this.#opened.get(key);
    // The same bytes under the same binding open to the same bytes. What was revoked meanwhile makes others of them.
    if (known !== undefined && Buffer.compare(known.ciphertext, ciphertext) === 0) {
      if (known.ciphertext !== ciphertext) giveBack(ciphertext);
      return this.#hold(key, known);
    }
    const plaintext = await opener.openBundle(ciphertext, binding);
    const opened = { ciphertext, plaintext, secrets: countSecrets(plaintext), holders: 0, isFree: true };
    this.#opened.set(key, opened);
    return this.#hold(key, opened);
  }

  #hold(key: string, opened: Opened): AnswerPart {
    opened.holders++;
    let isHeld = true;
    return {
      bytes: opened.plaintext,
      secrets: opened.secrets,
      release: (isFree) => {
        if (!isHeld) return;
        isHeld = false;
        opened.isFree &&= isFree;
        if (--opened.holders > 0) return;
        wipe(opened.plaintext, opened.isFree);
        giveBack(opened.ciphertext);
        if (this.#opened.get(key) === opened) this.#opened.delete(key);
      },
    };
  }
}

/** A part that one answer alone has. */
export function ownPart(bytes: Uint8Array): AnswerPart {
  return { bytes, secrets: countSecrets(bytes), release: (isFree) => wipe(bytes, isFree) };
}

/** The memory of an answer that was not written out is left to V8: Node may still read there. */
function wipe(plaintext: Uint8Array, isFree: boolean): void {
  plaintext.fill(0);
  if (isFree) giveBack(plaintext);
}
