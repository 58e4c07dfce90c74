/** What was found in rows by those who checked them: where no byte of a row differs, nothing is to be checked again. */

import { RecentMap } from '../domain/recent-map';
import { copyOf, isSame } from './columns';
import type { Signing } from './signing';

interface Known<T> {
  readonly columns: readonly unknown[];
  readonly found: T;
}

export class CheckedRows<T> {
  readonly #ofSigner = new WeakMap<Signing, RecentMap<string, Known<T>>>();

  /** @param kept so many rows of each signer at least are remembered. */
  constructor(private readonly kept: number) {}

  /** @param key what the row was asked for by. @param check finds anew, where the row is another than the last time. */
  async foundIn(
    signing: Signing,
    key: string,
    columns: readonly unknown[],
    check: () => Promise<T>,
  ): Promise<T> {
    const known = this.#ofSigner.get(signing) ?? new RecentMap<string, Known<T>>(this.kept);
    this.#ofSigner.set(signing, known);
    const last = known.get(key);
    if (last?.columns.every((value, index) => isSame(value, columns[index])) === true) return last.found;
    const found = await check();
    known.set(key, { columns: columns.map(copyOf), found });
    return found;
  }
}
