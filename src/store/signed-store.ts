/** A store whose rows are signed when they are written and checked when they are read. */

import { Signing, type RowSigner } from './signing';
import type { Store } from './store';
import { signedRead, signedWrite } from './transaction';

export interface SignedStore extends Store {
  /** For rows that are checked one by one, after they were read. */
  readonly signing: Signing;
}

export function signedStore(store: Store, signer: RowSigner): SignedStore {
  const signing = new Signing(signer);
  return {
    ...store,
    signing,
    read: (body, waiter) => store.read((tx) => body(signedRead(tx, signing)), waiter),
    write: (body, options) => store.write((tx) => body(signedWrite(tx, signing)), options),
  };
}
