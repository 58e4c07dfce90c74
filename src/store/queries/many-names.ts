/** Questions about many names: a hundred in each, for to a database server each is a message there and back. */

import type { Compilable, Kysely } from 'kysely';
import { preparedQuery, type Session } from '../prepared';
import type { Database } from '../schema';

const AT_ONCE = 100;

/** @param build puts the names where a list of values goes; see preparedQuery. */
export function queryOfNames<A extends object, R>(
  build: (db: Kysely<Database>, args: A, names: readonly string[]) => Compilable<R>,
): (session: Session, args: A, names: readonly string[]) => Promise<readonly R[]> {
  // One name is what most ask about, and so many arguments take their time on the machine itself.
  const [one, many] = [1, AT_ONCE].map((size) =>
    preparedQuery<A, R>((db, args) => build(db, args, placesOf(size, args))),
  ) as [ReturnType<typeof preparedQuery<A, R>>, ReturnType<typeof preparedQuery<A, R>>];
  return async (session, args, names) => {
    const rows: R[] = [];
    for (let from = 0; from < names.length; from += AT_ONCE) {
      const some = names.slice(from, from + AT_ONCE);
      rows.push(...(await (some.length === 1 ? one : many)(session, Object.assign(namesOf(some), args))));
    }
    return rows;
  };
}

const keyOf = (index: number): string => `name${index}`;
const ONE = keyOf(0);

function placesOf(size: number, args: object): readonly string[] {
  return Array.from({ length: size }, (_, index) => (args as Record<string, string>)[keyOf(index)] as string);
}

/** Where there are fewer than places, the last one is asked about again. */
function namesOf(names: readonly string[]): Record<string, string> {
  if (names.length === 1) return { [ONE]: names[0] as string };
  return Object.fromEntries(
    Array.from({ length: AT_ONCE }, (_, index) => [
      keyOf(index),
      names[Math.min(index, names.length - 1)] as string,
    ]),
  );
}
