/**
 * What the signature of a row covers, as bytes (docs/format.md, "Signed rows"): the table, then the columns
 * listed here in this order. Whoever can write the database can change any of them, and no signature fits then.
 */

import { hash } from 'node:crypto';
import { fieldsEncoder, type Field } from '../domain/fields';
import type { RowOf, TableName } from './schema';

/** Its version is raised when a table's columns here or their order change. */
const encodeStatement = fieldsEncoder('axiom.row', 1);

/** The columns that a row's signature covers. */
export const SIGNED_COLUMNS = {
  tenants: ['tenant_id', 'display_name', 'create_time'],
  tenant_keys: [
    'tenant_id',
    'keys_revision',
    'public_keyset',
    'public_keyset_signature',
    'wrapped_private_keyset',
    'wrapped_bundle_keyset',
    'create_time',
  ],
  scopes: ['tenant_id', 'scope', 'revision', 'names', 'bytes', 'digest'],
  // In the place of the ciphertext: its SHA-256.
  secrets: [
    'tenant_id',
    'scope',
    'name',
    'version',
    'seal_id',
    'padded_bytes',
    'create_time',
    'update_time',
    'ciphertext_length',
  ],
  revocations: ['tenant_id', 'scope', 'name', 'up_to_revision', 'revoke_time'],
  executions: [
    'execution_id',
    'tenant_id',
    'flow_id',
    'config_id',
    'tenant_revision',
    'config_revision',
    'start_time',
    'expire_time',
    'end_time',
  ],
  flow_configs: [
    'tenant_id',
    'config_id',
    'flow_id',
    'profile_name',
    'node_timeout_seconds',
    'create_time',
    'update_time',
    'revision',
  ],
  tenant_defaults: ['tenant_id', 'node_timeout_seconds', 'revision'],
  api_keys: [
    'key_id',
    'tenant_id',
    'display_name',
    'role',
    'key_hash',
    'masked_key',
    'create_time',
    'expire_time',
    'revoke_time',
  ],
  sessions: [
    'session_hash',
    'tenant_id',
    'role',
    'principal',
    'display_name',
    'api_key_id',
    'create_time',
    'expire_time',
    'role_claims',
  ],
  handles: ['handle', 'tenant_id'],
} as const satisfies { readonly [T in TableName]?: readonly (keyof RowOf<T>)[] };

export type SignedTable = keyof typeof SIGNED_COLUMNS;

/** A row with at least the columns that are signed. */
export type SignableRow<T extends SignedTable> = Pick<
  RowOf<T>,
  (typeof SIGNED_COLUMNS)[T][number] & keyof RowOf<T>
>;

/**
 * @param content for a secret: its ciphertext.
 * @returns undefined for a row that the service cannot have written, such as one with a text for a number.
 */
export function statementOf<T extends SignedTable>(
  table: T,
  row: SignableRow<T>,
  content?: Uint8Array,
): Buffer | undefined {
  const fields: Field[] = [table];
  try {
    for (const column of SIGNED_COLUMNS[table])
      fields.push(fieldOf((row as Record<string, unknown>)[column]));
    if (content !== undefined) fields.push(sha256(content));
    return encodeStatement(fields);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A null is an empty field; no text of a column that may be null is empty. */
function fieldOf(value: unknown): Field {
  if (value === null || value === undefined) return new Uint8Array();
  if (typeof value === 'string' || typeof value === 'number' || value instanceof Uint8Array) return value;
  throw new RangeError('a value of another type');
}

export function sha256(bytes: Uint8Array): Buffer {
  return hash('sha256', bytes, 'buffer');
}
