/**
 * Columns that take less room than their text: words of a fixed list as numbers, hashes and ids as bytes. Audit events
 * are most of what a database holds. Each stored form is the only one of its text: what somebody else put into the
 * database in another form reads as another text, which no hash covers.
 */

import type { AuditAction } from '../domain/audit-actions';
import type { DoorName } from '../domain/principal';

/** Numbers in the database: none is ever changed or used again. */
export const ACTION_NUMBERS: Readonly<Record<AuditAction, number>> = {
  'api_key.create': 1,
  'api_key.revoke': 2,
  'audit.prune': 3,
  'call.denied': 4,
  'call.unauthenticated': 5,
  'execution.end': 6,
  'execution.resolve': 7,
  'execution.start': 8,
  'flow_config.create': 9,
  'flow_config.delete': 10,
  'flow_config.update': 11,
  'handle.move': 12,
  'override.delete': 13,
  'override.set': 14,
  'package.publish': 15,
  'package.remove': 16,
  'package.unpublish': 17,
  'secret.add': 18,
  'secret.delete': 19,
  'secret.read': 20,
  'secret.replace': 21,
  'secret.take_over': 22,
  'session.close': 23,
  'session.denied': 24,
  'session.end': 25,
  'session.open': 26,
  'store.backup': 27,
  'store.restore': 28,
  'store.verify': 29,
  'tenant.create': 30,
  'tenant.sign_as_found': 31,
  'tenant_default.update': 32,
  'token.denied': 33,
  'secret.revoke': 34,
  'handle.move_in': 35,
  'handle.move_out': 36,
};

/** As above. */
export const DOOR_NUMBERS: Readonly<Record<DoorName, number>> = {
  management: 1,
  console: 2,
  execution: 3,
  operator: 4,
  sidecar: 5,
  node: 6,
};

/** Words of a fixed list, by number and back. */
export interface Words {
  /** @returns 0, which no word has, for any other word. */
  find(word: string): number;
  /** @throws RangeError for any other word: it would be read as another. */
  numberOf(word: string): number;
  wordOf(number: number): string;
}

function wordsOf(numbers: Readonly<Record<string, number>>): Words {
  const byWord = new Map(Object.entries(numbers));
  const byNumber = new Map(Object.entries(numbers).map(([word, number]) => [number, word]));
  return {
    find: (word) => byWord.get(word) ?? 0,
    numberOf(word) {
      const number = byWord.get(word);
      if (number === undefined) throw new RangeError('a word that has no number');
      return number;
    },
    wordOf: (number) => byNumber.get(number) ?? `unknown-${number}`,
  };
}

export const ACTIONS = wordsOf(ACTION_NUMBERS);
export const DOORS = wordsOf(DOOR_NUMBERS);

/** First bytes of ids that are packed; no id begins with them, since ids are letters, digits and `_.:-`. */
const HEX_ID = 0;
const UUID = 1;

const HEX = /^[0-9a-f]{32}$/;
const UUID_TEXT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const UUID_PARTS = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/;

/** 16 bytes after a mark for the two forms that ids of executions mostly have, else the text's UTF-8 bytes. */
export function packId(id: string): Buffer {
  if (HEX.test(id)) return packed(HEX_ID, id);
  return UUID_TEXT.test(id) ? packed(UUID, id.replaceAll('-', '')) : Buffer.from(id);
}

function packed(mark: number, hex: string): Buffer {
  const bytes = Buffer.allocUnsafe(17);
  bytes[0] = mark;
  bytes.write(hex, 1, 'hex');
  return bytes;
}

export function unpackId(stored: Uint8Array): string {
  const bytes = bufferOf(stored);
  const id = textOf(bytes);
  return packId(id).equals(bytes) ? id : `not an id: ${hexOf(bytes)}`;
}

function textOf(bytes: Buffer): string {
  if (bytes.byteLength !== 17 || (bytes[0] !== HEX_ID && bytes[0] !== UUID)) return bytes.toString();
  const hex = bytes.toString('hex', 1);
  return bytes[0] === HEX_ID ? hex : hex.replace(UUID_PARTS, '$1-$2-$3-$4-$5');
}

/** Lower-case. */
export function hexOf(bytes: Uint8Array): string {
  return bufferOf(bytes).toString('hex');
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
