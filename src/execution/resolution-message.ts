/** Parts of a serialized ResolveForExecutionResponse, written and looked at without parsing values. */

import { MessageWriter, serializeTime } from '../work/message-writer';
import type { Claims } from './tokens';

/** Field numbers of ResolveForExecutionResponse and of ResolutionReceipt (secrets.proto). */
const SECRETS = 1;
const RECEIPT = 2;
const REVOKED_NAMES = 9;
const TIME_LEFT = 10;

const LENGTH_DELIMITED = 2;
const SECRETS_TAG = (SECRETS << 3) | LENGTH_DELIMITED;

const fixed = new WeakMap<Claims, Uint8Array>();

/** The fields that are the same in each receipt of an execution, kept while it runs. */
export function fixedPart(claims: Claims): Uint8Array {
  const known = fixed.get(claims);
  if (known !== undefined) return known;
  const written = new MessageWriter()
    .text(1, claims.executionId)
    .text(2, claims.tenantId)
    .text(3, claims.flowId)
    .text(4, claims.configId ?? '')
    .number(5, claims.tenantRevision)
    .number(6, claims.configRevision)
    .message(7, serializeTime(claims.expireTime))
    .message(8, serializeTime(claims.nodeTimeoutSeconds * 1_000))
    .finish();
  // A slice of Node's pool of buffers would keep all of its 8 KiB.
  const bytes = new Uint8Array(written);
  fixed.set(claims, bytes);
  return bytes;
}

/** A response with the receipt and nothing else. */
export function serializeReceipt(claims: Claims, revokedNames: readonly string[], now: number): Uint8Array {
  const own = new MessageWriter();
  for (const name of revokedNames) own.text(REVOKED_NAMES, name);
  own.message(TIME_LEFT, serializeTime(claims.expireTime - now));
  return new MessageWriter().message(RECEIPT, fixedPart(claims), own.finish()).finish();
}

/** How many entries of `secrets` a response has, without reading one: what has another tag ends the count. */
export function countSecrets(serialized: Uint8Array): number {
  let entries = 0;
  let at = 0;
  while (serialized[at] === SECRETS_TAG) {
    let length = 0;
    let shift = 1;
    let byte: number;
    do {
      byte = serialized[++at] ?? 0;
      length += (byte & 0x7f) * shift;
      shift *= 0x80;
    } while (byte >= 0x80);
    at += 1 + length;
    entries++;
  }
  return entries;
}
