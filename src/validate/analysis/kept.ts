/** What was put into an object of a library, as far as the function that put it there reads it back or prints it. */

import { carried } from './calls';
import type { Engine } from './engine';
import { pathOf } from '../ir/paths';
import type { Fn, Store } from '../ir/program';
import { NOTHING, union, type Val } from '../ir/values';

type Stored = ReadonlyMap<string, readonly Store[]>;

const NONE: readonly { readonly store: Store; readonly by: Fn }[] = [];

/** Most functions put nothing into anything, nor do those around them. */
function hasStores(fn: Fn): boolean {
  for (let by: Fn | undefined = fn; by; by = by.outer) if (by.stores.length > 0) return true;
  return false;
}

export class Kept {
  private readonly stores = new Map<Fn, Stored>();

  constructor(private readonly values: Engine) {}

  /** `request.headers.auth`, where the function has put something there. */
  at(path: string, fn: Fn): Val {
    if (!hasStores(fn)) return NOTHING;
    const [, owner = '', field] = /^(.*)\.(\w+)$/.exec(path) ?? [];
    const into = this.into(owner, fn).filter(
      // What was written into a stream is not there any more.
      ({ store }) => store.field === field && !(store.value.kind === 'list' && !store.value.exact),
    );
    return union(into.map(({ store, by }) => this.values.eval(store.value, by)));
  }

  /** What the text of an object shows that was put into it: an address's query. */
  shown(path: string, fn: Fn): Val {
    if (!hasStores(fn)) return NOTHING;
    const told = this.into(path, fn).filter(({ store }) => this.values.facts.library.tells.test(store.field));
    return union(told.map(({ store, by }) => carried(this.values.eval(store.value, by))));
  }

  /** All that was put into an object, as what tells the whole of it does. */
  whole(path: string, fn: Fn): Val {
    const told = union(
      this.into(path, fn).map(({ store, by }) => carried(this.values.eval(store.value, by))),
    );
    return [...told, { kind: 'thunk', value: told }];
  }

  /** What is put into something, by the function that says it or one around it whose variable it is. */
  private into(path: string, fn: Fn): readonly { readonly store: Store; readonly by: Fn }[] {
    if (!hasStores(fn)) return NONE;
    const root = path.split(/\.|::/, 1)[0] ?? '';
    for (let by: Fn | undefined = fn; by; by = by.outer) {
      const found = this.storesOf(by).get(path) ?? [];
      const owner = by;
      if (found.length > 0) return found.map((store) => ({ store, by: owner }));
      if (by.bindings.has(root) || by.params.some(({ name }) => name === root)) return NONE;
    }
    return NONE;
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
