/** The private key of a certificate authority, as its file has it. */

import { createPrivateKey, type KeyObject } from 'node:crypto';

/** @throws Error where the text is no private key. */
export function privateKeyIn(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new Error('the key file of a certificate authority has no PEM block; restore it');
  }
}
