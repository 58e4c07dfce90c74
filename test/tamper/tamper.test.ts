/**
 * Whoever can write the database can lie about everything in it, and is believed in nothing.
 *
 * Made from the schema: every column of every table is changed, swapped between two rows, set back to what it was
 * earlier and every row taken away, one at a time, on a copy of one service's database. Then executions start and
 * resolve, people call, and `verify` looks: what was saved is what comes out, or it is refused, or it is found.
 */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { HARMLESS, HARMLESS_TABLES } from './harmless';
import { closeWorkers, openWorld, seed, type Seeded, type World } from './world';

/** In memory where the system has such a folder: hundreds of databases are opened. */
const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'axiom-tamper-'));
let seeded: Seeded;
let earlier: Tables;
let tables: Tables;

/** So many rows of each table are lied about one by one, and the last. */
const ROWS = 2;

type Row = Record<string, unknown>;
interface Table {
  readonly columns: readonly string[];
  readonly key: readonly string[];
  readonly rows: readonly Row[];
}
type Tables = Readonly<Record<string, Table>>;

beforeAll(async () => {
  seeded = await seed(folder);
  earlier = readTables(seeded.earlier);
  tables = readTables(seeded.database);
});
afterAll(async () => {
  await closeWorkers();
  rmSync(folder, { recursive: true });
});

function readTables(path: string): Tables {
  const database = new BetterSqlite3(path, { readonly: true });
  const names = database
    .prepare("select name from sqlite_master where type = 'table'")
    .pluck()
    .all() as string[];
  const read = (name: string): Table => {
    const info = database.pragma(`table_info(${name})`) as { name: string; pk: number }[];
    const rows = database.prepare(`select * from ${name}`).all() as Row[];
    return {
      columns: info.map((one) => one.name),
      key: info.filter((one) => one.pk > 0).map((one) => one.name),
      rows,
    };
  };
  const found = Object.fromEntries(names.map((name) => [name, read(name)]));
  database.close();
  return found;
}

/** One lie. */
interface Lie {
  readonly table: string;
  /** Undefined: the row. */
  readonly column: string | undefined;
  readonly how: string;
  readonly tell: (database: BetterSqlite3.Database) => void;
}

function where(table: Table): string {
  return table.key.map((column) => `${column} = @key_${column}`).join(' and ');
}

function keyOf(table: Table, row: Row): Row {
  return Object.fromEntries(table.key.map((column) => [`key_${column}`, row[column]]));
}

/** The columns of a row, set to other values. */
function setting(name: string, row: Row, values: Row) {
  const table = tables[name] as Table;
  const assignments = Object.keys(values).map((column) => `${column} = @${column}`);
  return (database: BetterSqlite3.Database) =>
    database
      .prepare(`update ${name} set ${assignments.join(', ')} where ${where(table)}`)
      .run({ ...keyOf(table, row), ...values });
}

/** Something else of the same type: close to it, so that no check of form alone notices. */
function changed(value: unknown): unknown {
  if (value === null) return 1;
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'string')
    return value === '' ? 'x' : value.slice(0, -1) + (value.endsWith('a') ? 'b' : 'a');
  const bytes = Buffer.from(value as Uint8Array);
  if (bytes.byteLength === 0) return Buffer.from('x');
  bytes[bytes.byteLength >> 1] = (bytes[bytes.byteLength >> 1] as number) ^ 1;
  return bytes;
}

function liesOf(name: string): readonly Lie[] {
  const table = tables[name] as Table;
  const before = earlier[name]?.rows ?? [];
  const lies: Lie[] = [];
  const [first] = table.rows;
  if (first === undefined) return [];
  for (const [index, row] of table.rows.entries()) {
    const old = before.find((one) => table.key.every((column) => one[column] === row[column]));
    const differs = table.columns.filter((column) => !isSame(old?.[column], row[column]));
    if (index < ROWS || index === table.rows.length - 1) {
      for (const column of table.columns)
        lies.push({
          table: name,
          column,
          how: 'changed',
          tell: setting(name, row, { [column]: changed(row[column]) }),
        });
      lies.push({
        ...{ table: name, column: undefined, how: 'row taken away' },
        tell: (database) =>
          database.prepare(`delete from ${name} where ${where(table)}`).run(keyOf(table, row)),
      });
    }
    if (old === undefined || differs.length === 0) continue;
    for (const column of differs)
      lies.push({
        table: name,
        column,
        how: 'set back',
        tell: setting(name, row, { [column]: old[column] }),
      });
    const values = Object.fromEntries(differs.map((column) => [column, old[column]]));
    lies.push({ table: name, column: undefined, how: 'row set back', tell: setting(name, row, values) });
  }
  return [...lies, ...swapsOf(name)];
}

/** Two rows' values of one column, exchanged. */
function swapsOf(name: string): readonly Lie[] {
  const table = tables[name] as Table;
  return table.columns.flatMap((column) => {
    const [one, other] = table.rows.flatMap((row, index) => {
      const different = table.rows.slice(index + 1).find((next) => !isSame(next[column], row[column]));
      return different === undefined ? [] : [row, different];
    });
    if (one === undefined || other === undefined || (table.key.length === 1 && table.key[0] === column))
      return [];
    const tell = (database: BetterSqlite3.Database) => {
      setting(name, one, { [column]: other[column] })(database);
      const moved = table.key.includes(column) ? undefined : other;
      if (moved !== undefined) setting(name, moved, { [column]: one[column] })(database);
    };
    return [{ table: name, column, how: 'swapped', tell }];
  });
}

const placeOf = ({ table, column }: Lie) => `${table}.${column ?? '*'}`;

function isHarmless(lie: Lie): boolean {
  return HARMLESS_TABLES.includes(lie.table) || placeOf(lie) in HARMLESS;
}

function isSame(a: unknown, b: unknown): boolean {
  return a instanceof Uint8Array && b instanceof Uint8Array ? Buffer.from(a).equals(b) : a === b;
}

/** A copy of the database with the lie in it; undefined where the database itself does not take it. */
function tell(lie: Lie, path: string): boolean {
  copyFileSync(seeded.database, path);
  const database = new BetterSqlite3(path);
  try {
    // Whoever writes the file is not held by its triggers.
    for (const name of database
      .prepare("select name from sqlite_master where type = 'trigger'")
      .pluck()
      .all())
      database.exec(`drop trigger ${String(name)}`);
    lie.tell(database);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith('SQLITE_CONSTRAINT') === true) return false;
    throw error;
  } finally {
    database.close();
  }
}

describe('Without a lie', () => {
  it('everything is served as it was saved, and nothing is found', async () => {
    const path = join(folder, 'truth.sqlite');
    copyFileSync(seeded.database, path);
    const world = await openWorld(seeded, path);
    expect(await world.look()).toEqual({ wrong: [], refused: [], faults: 0 });
    await world.close();
  });
});

describe('A row that nobody wrote', () => {
  it('is not listed: the listing is refused, and the row is found', async () => {
    const path = join(folder, 'forged.sqlite');
    copyFileSync(seeded.database, path);
    const database = new BetterSqlite3(path);
    database.exec(
      `create temp table forged as select * from secrets where tenant_id = 'acme' and scope = 'tenant' and name = 'A';
       update forged set name = 'FORGED', version = 1000;
       insert into secrets select * from forged`,
    );
    database.close();
    const world = await openWorld(seeded, path);
    const { wrong, refused, faults } = await world.look();
    expect(wrong).toEqual([]);
    expect(refused).toContain('names that are listed');
    expect(faults).toBeGreaterThan(0);
    await world.close();
  });
});

describe('A second row of keysets', () => {
  it('under a number that the service never wrote is refused and found', async () => {
    const path = join(folder, 'keysets.sqlite');
    copyFileSync(seeded.database, path);
    const database = new BetterSqlite3(path);
    database.exec(
      `create temp table forged as select * from tenant_keys where tenant_id = 'acme';
       update forged set keys_revision = keys_revision + 1;
       insert into tenant_keys select * from forged`,
    );
    database.close();
    const world = await openWorld(seeded, path);
    const { wrong, refused, faults } = await world.look();
    expect(wrong).toEqual([]);
    expect(refused).toContain('values without a config');
    expect(faults).toBeGreaterThan(0);
    await world.close();
  });
});

describe('One lie in the database', () => {
  it('is served as no value, no absence and no right, and is refused or found', async () => {
    const unnoticed: string[] = [];
    const served: string[] = [];
    const passed = new Set<string>();
    let told = 0;
    for (const lie of Object.keys(tables).flatMap(liesOf)) {
      const path = join(folder, 'lie.sqlite');
      if (!tell(lie, path)) continue;
      told++;
      const what = `${lie.table}.${lie.column ?? '*'} ${lie.how}`;
      const world: World | undefined = await openWorld(seeded, path).catch(() => undefined);
      if (world !== undefined) {
        const seen = await world.look();
        for (const wrong of seen.wrong) served.push(`${what}: ${wrong}`);
        const isNoticed = seen.refused.length > 0 || seen.faults > 0;
        if (!isNoticed && !isHarmless(lie)) unnoticed.push(what);
        if (!isNoticed) passed.add(placeOf(lie));
        await world.close();
      }
      for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
    }
    expect(told).toBeGreaterThan(300);
    // In every table something was lied about.
    expect(Object.keys(tables).filter((name) => tables[name]?.rows.length === 0)).toEqual([]);
    // The list of exceptions has none that is not one.
    expect(Object.keys(HARMLESS).filter((place) => !passed.has(place))).toEqual([]);
    expect({ served: [...new Set(served)], unnoticed: [...new Set(unnoticed)] }).toEqual({
      served: [],
      unnoticed: [],
    });
  });
});
