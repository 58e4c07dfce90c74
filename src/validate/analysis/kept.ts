/** What was put into an object of a library, as far as the function that put it there reads it back or prints it. */

import { carried } from './calls';
import type { Engine } from './engine';
import { pathOf } from '../ir/paths';
import type { Fn, Store } from '../ir/program';
import { NOTHING, union, type Val } from '../ir/values';

type Stored = ReadonlyMap<string, readonly Store[]>;

export class Kept {
  private readonly stores = new Map<Fn, Stored>();

  constructor(private readonly values: Engine) {}

  /** `request.headers.auth`, where the function has put something there. */
  at(path: string, fn: Fn): Val {
    const [, owner = '', field] = /^(.*)\.(\w+)$/.exec(path) ?? [];
    const into = (this.storesOf(fn).get(owner) ?? []).filter(
      // What was written into a stream is not there any more.
      (store) => store.field === field && !(store.value.kind === 'list' && !store.value.exact),
    );
    return union(into.map(({ value }) => this.values.eval(value, fn)));
  }

  /** What the text of an object shows that was put into it: an address's query. */
  shown(path: string, fn: Fn): Val {
    const into = this.storesOf(fn).get(path) ?? [];
    if (into.length === 0) return NOTHING;
    const told = into.filter(({ field }) => this.values.facts.library.tells.test(field));
    return union(told.map(({ value }) => carried(this.values.eval(value, fn))));
  }

  /** A function's stores, by what they are put into. */
  private storesOf(fn: Fn): Stored {
    const known = this.stores.get(fn);
    if (known) return known;
    const found = new Map<string, Store[]>();
    for (const store of fn.stores) {
      const path = pathOf(store.target);
      found.set(path, [...(found.get(path) ?? []), store]);
    }
    found.delete('');
    this.stores.set(fn, found);
    return found;
  }
}
