/** Which functions of the package call which, and where. */

import type { Fn } from '../ir/program';
import type { CallSite } from './calls';

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

function push(map: Map<Fn, CallSite[]>, key: Fn, site: CallSite): void {
  const known = map.get(key);
  if (known) known.push(site);
  else map.set(key, [site]);
}
