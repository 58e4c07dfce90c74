/** Bytes as WebCrypto's types ask for them: in memory that no other thread has. */
export type Bytes = Uint8Array<ArrayBuffer>;
