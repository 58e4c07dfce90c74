/** A key-encryption key: wraps keysets, wherever it is kept. */

/** A KEK behind whatever holds it. Calls are Tink AEAD calls: the ciphertext is Tink's wire format for local keys. */
export interface Kek {
  /** Names the KEK in messages and health, as `file:<path>`; no secret. */
  readonly uri: string;
  wrap(plaintext: Uint8Array, associatedData: Uint8Array): Promise<Uint8Array>;
  /** @throws DomainError UNAVAILABLE when the holder cannot be reached, FAILED_PRECONDITION when it is not this KEK's. */
  unwrap(ciphertext: Uint8Array, associatedData: Uint8Array): Promise<Uint8Array>;
}
