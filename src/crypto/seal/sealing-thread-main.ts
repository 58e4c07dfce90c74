/** The whole life of the thread that seals (sealing-thread.ts): takes a block of values, answers a block of ciphertexts. */

import { parentPort } from 'node:worker_threads';
import { P256PublicKey } from '../hpke/kem';
import { hpkeSuite } from '../hpke/suite';
import { packBlock, unpackBlock } from './byte-block';

/** Of the value sealed last: most that come together are one tenant's. */
let lastKey: P256PublicKey | undefined;

function keyAt(point: Uint8Array): P256PublicKey {
  if (lastKey === undefined || !Buffer.from(lastKey.point).equals(point)) lastKey = new P256PublicKey(point);
  return lastKey;
}

/** @param block of each value the point of the key, what the ciphertext is bound to, and the value, which is overwritten. */
async function sealAll(block: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const parts = unpackBlock(block).values();
    const sealed: Uint8Array[] = [];
    for (const point of parts) {
      const [info, plaintext] = [parts.next().value, parts.next().value];
      if (info === undefined || plaintext === undefined) throw new RangeError('a block that is not whole');
      const { encapsulatedSecret, ciphertext } = await hpkeSuite.Seal(keyAt(point), plaintext, { info });
      sealed.push(Buffer.concat([encapsulatedSecret, ciphertext]));
    }
    return packBlock(sealed);
  } finally {
    block.fill(0);
  }
}

parentPort?.on('message', (block: Uint8Array) => {
  // What it throws ends the thread, and whoever waits is told so.
  void sealAll(block).then((answer) => parentPort?.postMessage(answer, [answer.buffer]));
});
