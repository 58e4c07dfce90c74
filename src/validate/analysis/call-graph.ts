/** Which functions of the package call which, and where. */

import type { Class, Fn } from '../ir/program';
import type { Made } from './call-shapes';
import type { CallSite } from './calls';
import { isConstructor } from './methods';

export class CallGraph {
  private readonly byCaller = new Map<Fn, CallSite[]>();
  private readonly byCallee = new Map<Fn, CallSite[]>();

  constructor(sites: readonly CallSite[]) {
    for (const site of sites) this.add(site);
  }

  add(site: CallSite): void {
    push(this.byCaller, site.caller, site);
    push(this.byCallee, site.callee, site);
  }

  /** The calls that a function makes. */
  from(caller: Fn): readonly CallSite[] {
    return this.byCaller.get(caller) ?? [];
  }

  /** The calls of a function. */
  to(callee: Fn): readonly CallSite[] {
    return this.byCallee.get(callee) ?? [];
  }
}

/** Objects of one class further than this are taken to be like those before. */
const MAX_OBJECTS = 8;

/** What nobody in the package calls, others may: a library that an object is handed to. */
export function callsFromOutside(made: readonly Made[], graph: CallGraph): CallSite[] {
  const byClass = new Map<Class, number>();
  return made.flatMap(({ fn: caller, object: { cls }, object, start, end }) => {
    const known = cls ? (byClass.get(cls) ?? 0) : MAX_OBJECTS;
    if (!cls || known >= MAX_OBJECTS) return [];
    byClass.set(cls, known + 1);
    return [...cls.methods.values()]
      .filter(
        (callee) =>
          !callee.isStatic &&
          !isConstructor(callee) &&
          graph.to(callee).every(({ caller: by }) => by === callee),
      )
      .map((callee) => ({
        caller,
        callee,
        args: [],
        self: [object],
        handedOver: true,
        possible: true,
        start,
        end,
      }));
  });
}

function push(map: Map<Fn, CallSite[]>, key: Fn, site: CallSite): void {
  const known = map.get(key);
  if (known) known.push(site);
  else map.set(key, [site]);
}
