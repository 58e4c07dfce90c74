/** Execution tokens: `axt_` and base64url of the claims' length, the claims, and a Tink MAC over both. */

import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
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
import { ExecutionClaimsSchema, type ExecutionClaims } from '../gen/axiom/token/v1/token_pb';

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

/** Signs claims. */
export async function issueToken(mac: TokenMac, claims: Claims): Promise<string> {
  const { executionId, tenantId, flowId, configId = '', nodeTimeoutSeconds } = claims;
  const message = create(ExecutionClaimsSchema, {
    ...{ executionId, tenantId, flowId, configId, nodeTimeoutSeconds },
    tenantRevision: BigInt(claims.tenantRevision),
    configRevision: BigInt(claims.configRevision),
    expireTimeMs: BigInt(claims.expireTime),
  });
  const payload = toBinary(ExecutionClaimsSchema, message);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16BE(payload.byteLength);
  const signed = Buffer.concat([length, payload]);
  return PREFIX + Buffer.concat([signed, await mac.compute(signed)]).toString('base64url');
}

/**
 * Reads a token whose MAC holds. Says nothing of its expiry or of the execution's end.
 * @throws DomainError UNAUTHENTICATED, the same for every token that is not ours.
 */
export async function readToken(mac: TokenMac, token: string): Promise<Claims> {
  const bytes = decode(token);
  if (bytes === undefined) throw tokenNotInForce();
  const signedLength = LENGTH_BYTES + bytes.readUInt16BE(0);
  if (bytes.byteLength <= signedLength) throw tokenNotInForce();
  const signed = bytes.subarray(0, signedLength);
  if (!(await mac.verify(bytes.subarray(signedLength), signed))) throw tokenNotInForce();
  return claimsOf(fromBinary(ExecutionClaimsSchema, signed.subarray(LENGTH_BYTES)));
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
  if (!token.startsWith(PREFIX) || token.length > MAX_TOKEN_LENGTH) return undefined;
  const text = token.slice(PREFIX.length);
  const bytes = Buffer.from(text, 'base64url');
  // base64url decoding skips what it does not know; only the one canonical form is a token.
  return bytes.byteLength > LENGTH_BYTES && bytes.toString('base64url') === text ? bytes : undefined;
}
