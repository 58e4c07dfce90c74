/** How a secret's row is signed, and what it is in its scope's head. */

import { fieldsEncoder } from '../domain/fields';
import type { TenantId } from '../domain/ids';
import { scopeKey, type Scope } from '../domain/scope';
import type { SealedSecretRecord, StoredSecretRecord } from './records';
import type { SignableRow } from './statement';
import type { Signing } from './signing';

const encodeEntry = fieldsEncoder('axiom.entry', 1);

/** What is signed of a secret's row: all of it but where its ciphertext lies. Column by column: copies of objects cost as much as a query. */
export function secretRow(
  tenantId: TenantId,
  scope: Scope,
  record: SealedSecretRecord,
): SignableRow<'secrets'> {
  return {
    tenant_id: tenantId,
    scope: scopeKey(scope),
    name: record.name,
    version: record.version,
    seal_id: record.sealId ?? null,
    padded_bytes: record.paddedBytes,
    create_time: record.createTime,
    update_time: record.updateTime,
    ciphertext_length: record.ciphertext.byteLength,
  };
}

export function signSecret(
  signing: Signing,
  tenantId: TenantId,
  scope: Scope,
  record: SealedSecretRecord,
): Uint8Array {
  return signing.sign('secrets', secretRow(tenantId, scope, record), record.ciphertext);
}

/** Whether this service wrote the row so: under that name, in that version, with that ciphertext. */
export function isSecretSigned(
  signing: Signing,
  tenantId: TenantId,
  scope: Scope,
  record: StoredSecretRecord,
): boolean {
  const row = { signature: record.signature ?? null, ...secretRow(tenantId, scope, record) };
  return signing.isSigned('secrets', row, record.ciphertext);
}

/** The secret's entry in its scope's head: which of its versions is in force. The length comes last (lengthIn). */
export function secretEntry(
  record: Pick<SealedSecretRecord, 'version' | 'sealId' | 'paddedBytes'> & { readonly name: string },
): Buffer {
  const { name, version, sealId = new Uint8Array(), paddedBytes } = record;
  return encodeEntry([name, version, sealId, paddedBytes]);
}

/** The padded length, from a secret's entry. */
export function lengthIn(entry: Uint8Array): number {
  const { buffer, byteOffset, byteLength } = entry;
  return Number(new DataView(buffer, byteOffset, byteLength).getBigUint64(byteLength - 8));
}
