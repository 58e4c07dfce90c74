/** The first execution after a write opens few rows one by one, also where no execution runs that pins what was before. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import BetterSqlite3 from 'better-sqlite3';
import type { TenantOpener } from '../../src/crypto/open/opener';
import { partOf } from '../../src/domain/bundle-parts';
import { parseSecretName, parseTenantId } from '../../src/domain/ids';
import { TENANT_SCOPE } from '../../src/domain/scope';
import type { Openers } from '../../src/execution/openers';
import { member, openRooms, text, type Rooms } from '../support/rooms';

/** Divided into four parts: 33 to 64 names are into eight, 17 to 32 into four. */
const NAMES = Array.from({ length: 32 }, (_, index) => `NAME_${index}`);

const admin = member();
const acme = parseTenantId('acme');
let rooms: Rooms;
/** What is expected of the next execution. */
let values: Record<string, string>;
/** Rows that were opened one by one. */
let opened: string[];

const sent = (value: string) => ({ case: 'value', value: text(value) }) as const;

beforeEach(async () => {
  rooms = await openRooms();
  opened = [];
  Object.assign(rooms.execution, { openers: counting(rooms.execution.openers) });
  values = Object.fromEntries(NAMES.map((name) => [name, `value of ${name}`]));
  await rooms.secrets.importSecrets(admin, {
    secrets: NAMES.map((name) => ({ name, content: sent(values[name] ?? '') })),
  });
  expect(await openedByNext()).toEqual(NAMES);
});
afterEach(() => rooms.close());

function counting(openers: Openers): Openers {
  const known = new Map<TenantOpener, TenantOpener>();
  const count = (opener: TenantOpener): TenantOpener => {
    const one = known.get(opener) ?? {
      ...opener,
      openSecret(ciphertext, binding) {
        opened.push(binding.name);
        return opener.openSecret(ciphertext, binding);
      },
    };
    known.set(opener, one);
    return one;
  };
  return {
    openerOf: async (tx, tenantId) => count(await openers.openerOf(tx, tenantId)),
    keptOf(tenantId, keysRevision) {
      const opener = openers.keptOf(tenantId, keysRevision);
      return opener && count(opener);
    },
  };
}

/** Starts an execution, which sees exactly what was saved, and ends it. @returns which rows that opened, by name. */
async function openedByNext(): Promise<readonly string[]> {
  opened = [];
  const { executionToken } = await rooms.start({});
  const rows = opened;
  expect(await rooms.values(executionToken)).toEqual(values);
  await rooms.end(executionToken);
  return rows.sort((a, b) => NAMES.indexOf(a) - NAMES.indexOf(b));
}

async function replace(name: string, value: string): Promise<void> {
  await rooms.secrets.replaceSecret(admin, { name, content: sent(value) });
  values[name] = value;
}

async function add(name: string): Promise<void> {
  await rooms.secrets.addSecret(admin, { name, content: sent('added') });
  values[name] = 'added';
}

async function remove(name: string): Promise<void> {
  await rooms.secrets.deleteSecret(admin, { name });
  delete values[name];
}

const partOfFour = (name: string) => partOf(parseSecretName(name), 4);
const besides = (name: string) => NAMES.filter((one) => partOfFour(one) === partOfFour(name));
const partsIn = () => rooms.store.read((tx) => tx.listBundleParts(acme, TENANT_SCOPE));
const numbersIn = async () => (await partsIn()).map(({ part }) => part);

function change(sql: string): void {
  const database = new BetterSqlite3(rooms.storePath);
  database.exec(sql);
  database.close();
}

describe('The first execution after a write, while none runs', () => {
  it('opens the row of a name that was added, and no other', async () => {
    await remove('NAME_5');
    await remove('NAME_6');
    await openedByNext();
    await add('NEW');
    expect(await openedByNext()).toEqual(['NEW']);
    await add('NEWER');
    expect(await openedByNext()).toEqual(['NEWER']);
  });

  it('opens the rows of the part that a replaced name is in', async () => {
    await replace('NAME_7', 'another');
    const rows = await openedByNext();
    expect(rows).toEqual(besides('NAME_7'));
    expect(rows.length).toBeLessThan(16);
    const remade = (await partsIn()).filter(({ revision }) => revision > NAMES.length);
    expect(remade.map(({ part }) => part)).toEqual([partOfFour('NAME_7')]);
    expect(await openedByNext()).toEqual([]);
  });

  it('opens the rows of the part that a deleted name was in', async () => {
    await remove('NAME_7');
    expect(await openedByNext()).toEqual(besides('NAME_7').filter((name) => name !== 'NAME_7'));
  });

  it('opens only a name that was replaced where an execution runs that pins what was before', async () => {
    await rooms.start({});
    await replace('NAME_7', 'another');
    expect(await openedByNext()).toEqual(['NAME_7']);
  });

  it('opens one row of a scope that outgrew its parts, which is divided anew', async () => {
    expect(await numbersIn()).toEqual([4, 5, 6, 7]);
    await add('NEW');
    expect(await openedByNext()).toEqual(['NEW']);
    expect(await numbersIn()).toEqual([8, 9, 10, 11, 12, 13, 14, 15]);
    await remove('NEW');
    await remove('NAME_1');
    await openedByNext();
    expect(await numbersIn()).toEqual([4, 5, 6, 7]);
  });

  it('opens the rows of a part that was damaged, and mends it', async () => {
    change(`update ciphertexts set data = zeroblob(length(data)) where id in
      (select ciphertext_id from bundle_parts where part = ${partOfFour('NAME_7')})`);
    change('delete from bundles');
    expect(await openedByNext()).toEqual(besides('NAME_7'));
    change('delete from bundles');
    expect(await openedByNext()).toEqual([]);
  });

  it('opens what changed since, where a part was set back to what it was', async () => {
    const path = rooms.storePath;
    const database = new BetterSqlite3(path);
    const old = database
      .prepare('select part, revision, data from bundle_parts join ciphertexts on id = ciphertext_id')
      .all() as { part: number; revision: number; data: Buffer }[];
    database.close();
    await replace('NAME_7', 'another');
    await openedByNext();
    await add('NEW');
    await remove('NEW');
    const again = new BetterSqlite3(path);
    for (const { part, revision, data } of old) {
      const { lastInsertRowid } = again.prepare('insert into ciphertexts (data) values (?)').run(data);
      again
        .prepare('update bundle_parts set revision = ?, ciphertext_id = ? where part = ?')
        .run(revision, lastInsertRowid, part);
    }
    again.close();
    expect(await openedByNext()).toContain('NAME_7');
  });
});

describe('A value that is replaced or deleted while no execution runs', () => {
  it('is in no part and in no bundle as soon as that is answered', async () => {
    await replace('NAME_7', 'another');
    expect(await numbersIn()).toEqual([4, 5, 6, 7].filter((part) => part !== partOfFour('NAME_7')));
    expect(await rooms.store.read((tx) => tx.getBundle(acme, TENANT_SCOPE))).toBeUndefined();
    await remove('NAME_7');
    await remove('NAME_8');
    expect(await numbersIn()).not.toContain(partOfFour('NAME_8'));
  });

  it('is not put back by an execution that was being started meanwhile', async () => {
    await add('NEW');
    const { store } = rooms;
    Object.assign(rooms.execution, {
      store: {
        ...store,
        async read(body: Parameters<typeof store.read>[0]) {
          const snapshot = await store.read(body);
          await rooms.secrets.deleteSecret(admin, { name: 'NAME_7' });
          Object.assign(rooms.execution, { store });
          return snapshot;
        },
      },
    });
    const { executionToken } = await rooms.start({});
    expect(await rooms.values(executionToken)).toEqual(values);
    expect(await numbersIn()).not.toContain(partOfFour('NAME_7'));
    expect((await numbersIn()).some((part) => part >= 8)).toBe(false);
    await rooms.end(executionToken);
    delete values['NAME_7'];
    expect(await openedByNext()).not.toContain('NAME_7');
  });
});
