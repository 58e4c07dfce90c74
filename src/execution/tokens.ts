/** Execution tokens: `axt_` and base64url of the claims' length, the claims, and a Tink MAC over both. */

import { hash } from 'node:crypto';
import { fromBinary } from '@bufbuild/protobuf';
import type { TokenMac } from '../crypto/open/opener';
import { tokenNotInForce } from '../domain/execution-token';
import {
  parseConfigId,
  parseExecutionId,
  parseFlowId,
  parseTenantId,
  type ConfigId,
  type ExecutionId,
  type FlowId,
  type TenantId,
} from '../domain/ids';
import { RecentMap } from '../domain/recent-map';
import { ExecutionClaimsSchema, type ExecutionClaims } from '../gen/axiom/token/v1/token_pb';
import { MessageWriter } from '../work/message-writer';

const PREFIX = 'axt_';
/** Bytes in front that tell the claims' length, big-endian. */
const LENGTH_BYTES = 2;
/** A token longer than this is not one of ours: ids are bounded. */
const MAX_TOKEN_LENGTH = 4_096;

/** What a token says: whose execution it is and what that pins. Made by this service, so its ids are what they say. */
export interface Claims {
  readonly executionId: ExecutionId;
  readonly tenantId: TenantId;
  readonly flowId: FlowId;
  /** Undefined where no config is in force. */
  readonly configId: ConfigId | undefined;
  readonly tenantRevision: number;
  /** 0 where no config is in force. */
  readonly configRevision: number;
  /** Milliseconds since the Unix epoch. */
  readonly expireTime: number;
  readonly nodeTimeoutSeconds: number;
}

/** So many tokens at least are known to hold without being checked again: an execution shows its own several times. */
const KEPT_TOKENS = 5_000;

/** By the token's SHA-256, of each MAC by itself: keys never change while a process runs. */
const known = new WeakMap<TokenMac, RecentMap<string, Claims>>();

function keep(mac: TokenMac, token: string, claims: Claims): void {
  const ofMac = known.get(mac) ?? new RecentMap<string, Claims>(KEPT_TOKENS);
  ofMac.set(keyOf(token), claims);
  known.set(mac, ofMac);
}

/** Its execution has ended: whoever shows it again is refused, and need not be so quickly. */
export function forgetToken(mac: TokenMac, token: string): void {
  known.get(mac)?.delete(keyOf(token));
}

function keyOf(token: string): string {
  return hash('sha256', token, 'base64');
}

/** Signs claims. */
export async function issueToken(mac: TokenMac, claims: Claims): Promise<string> {
  const payload = serializeClaims(claims);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16BE(payload.byteLength);
  const signed = Buffer.concat([length, payload]);
  const token = PREFIX + Buffer.concat([signed, await mac.compute(signed)]).toString('base64url');
  keep(mac, token, claims);
  return token;
}

/** axiom.token.v1.ExecutionClaims. */
export function serializeClaims(claims: Claims): Uint8Array {
  return new MessageWriter()
    .text(1, claims.executionId)
    .text(2, claims.tenantId)
    .text(3, claims.flowId)
    .text(4, claims.configId ?? '')
    .number(5, claims.tenantRevision)
    .number(6, claims.configRevision)
    .number(7, claims.expireTime)
    .number(8, claims.nodeTimeoutSeconds)
    .finish();
}

/**
 * Reads a token whose MAC holds. Says nothing of its expiry or of the execution's end.
 * @throws DomainError UNAUTHENTICATED, the same for every token that is not ours.
 */
export async function readToken(mac: TokenMac, token: string): Promise<Claims> {
  if (token.length > MAX_TOKEN_LENGTH) throw tokenNotInForce();
  const kept = known.get(mac)?.get(keyOf(token));
  if (kept !== undefined) return kept;
  const bytes = decode(token);
  if (bytes === undefined) throw tokenNotInForce();
  const signedLength = LENGTH_BYTES + bytes.readUInt16BE(0);
  if (bytes.byteLength <= signedLength) throw tokenNotInForce();
  const signed = bytes.subarray(0, signedLength);
  if (!(await mac.verify(bytes.subarray(signedLength), signed))) throw tokenNotInForce();
  const claims = claimsOf(fromBinary(ExecutionClaimsSchema, signed.subarray(LENGTH_BYTES)));
  keep(mac, token, claims);
  return claims;
}

function claimsOf(message: ExecutionClaims): Claims {
  return {
    executionId: parseExecutionId(message.executionId),
    tenantId: parseTenantId(message.tenantId),
    flowId: parseFlowId(message.flowId),
    configId: message.configId === '' ? undefined : parseConfigId(message.configId),
    tenantRevision: Number(message.tenantRevision),
    configRevision: Number(message.configRevision),
    expireTime: Number(message.expireTimeMs),
    nodeTimeoutSeconds: message.nodeTimeoutSeconds,
  };
}

function decode(token: string): Buffer | undefined {
  if (!token.startsWith(PREFIX)) return undefined;
  const text = token.slice(PREFIX.length);
  const bytes = Buffer.from(text, 'base64url');
  // base64url decoding skips what it does not know; only the one canonical form is a token.
  return bytes.byteLength > LENGTH_BYTES && bytes.toString('base64url') === text ? bytes : undefined;
}
