/** Text as Protobuf takes it. */

/**
 * What a package hands over as text, whatever it is. Half a surrogate pair becomes U+FFFD, since google-
 * protobuf 4
 * refuses to write it: logging and reading a secret never fail.
 */
export function wireText(value: unknown): string {
  return Buffer.from(String(value), 'utf8').toString('utf8');
}
