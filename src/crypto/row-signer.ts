/**
 * Which key speaks for which of the store's rows (docs/format.md, "Signed rows").
 *
 * Both halves write API keys, the first of a tenant's heads and the like, so either's signature holds for those. What
 * a tenant is and which keysets it has, only the execution half says; executions are its own affair, and carry a MAC.
 */

import { createHash } from 'node:crypto';
import { RecentMap } from '../domain/recent-map';
import { createVerify, type Sign, type Verify } from './tink/ecdsa';
import type { Mac } from './tink/mac';

/** Signs and checks the statements of rows, each with the table it is of. */
export interface StatementSigner {
  sign(table: string, statement: Uint8Array): Uint8Array;
  verify(table: string, statement: Uint8Array, signature: Uint8Array): boolean;
}

/** Tables whose rows only the execution half writes. */
const OF_EXECUTION = new Set(['tenants', 'tenant_keys', 'executions']);

/** Signs as the execution half: with the service's signing keyset, and executions with a MAC. */
export function createExecutionSigner(keys: {
  readonly sign: Sign;
  readonly verify: Verify;
  readonly mac: Mac;
  /** The writer's public keyset. Undefined before the management half's first start: nothing is signed by it yet. */
  readonly writerPublicKeyset: Uint8Array | undefined;
}): StatementSigner {
  const { sign, verify, mac, writerPublicKeyset } = keys;
  const verifyWriter = writerPublicKeyset && createVerify(writerPublicKeyset);
  return remembering({
    sign: (table, statement) => (table === 'executions' ? mac.compute(statement) : sign(statement)),
    verify(table, statement, signature) {
      if (table === 'executions') return mac.verify(signature, statement);
      if (verify(signature, statement)) return true;
      return !OF_EXECUTION.has(table) && verifyWriter?.(signature, statement) === true;
    },
  });
}

/** Signs as the management half, with the writer keyset. */
export function createWriterSigner(keys: {
  readonly sign: Sign;
  readonly verify: Verify;
  /** The service's public keyset, pinned like the one that sealers check with. */
  readonly verifyingKeyset: Uint8Array;
}): StatementSigner {
  const verifyService = createVerify(keys.verifyingKeyset);
  return remembering({
    sign(table, statement) {
      if (OF_EXECUTION.has(table)) throw new Error(`rows of ${table} are the execution half's to write`);
      return keys.sign(statement);
    },
    verify: (table, statement, signature) =>
      verifyService(signature, statement) || (!OF_EXECUTION.has(table) && keys.verify(signature, statement)),
  });
}

/** So many signatures at least are known to hold without being checked again, about 150 bytes each. */
const REMEMBERED = 10_000;

/** Whose signatures are not remembered when they are made: a MAC costs no more than that, and who signs secrets checks none. */
const FORGOTTEN = new Set(['executions', 'secrets']);

/** The same, checking no signature twice: a check costs 60 µs and more, this a hash, and so does a MAC. */
function remembering(signer: StatementSigner): StatementSigner {
  const good = new RecentMap<string, true>(REMEMBERED);
  const key = (table: string, statement: Uint8Array, signature: Uint8Array) =>
    createHash('sha256')
      .update(`${table} ${signature.byteLength} `)
      .update(signature)
      .update(statement)
      .digest('base64');
  return {
    sign(table, statement) {
      const signature = signer.sign(table, statement);
      if (FORGOTTEN.has(table)) return signature;
      good.set(key(table, statement, signature), true);
      return signature;
    },
    verify(table, statement, signature) {
      if (table === 'executions') return signer.verify(table, statement, signature);
      const one = key(table, statement, signature);
      if (good.get(one) === true) return true;
      const holds = signer.verify(table, statement, signature);
      if (holds) good.set(one, true);
      return holds;
    },
  };
}
