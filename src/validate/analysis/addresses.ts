/** Which of a call's arguments are an address, whose text an error may tell: not its headers, nor its body. */

import type { CallExpr } from '../ir/program';
import { union, type Val } from '../ir/values';

/** Texts, and what they are asked with; a header or a body has a name, or comes later. */
const NAMED = /^(?:url|params)$/;
/** `http.NewRequest("GET", url, body)`, `requests.request("GET", url)`: what comes before. */
const BEFORE: ReadonlyMap<string, number> = new Map([
  ['NewRequest', 1],
  ['NewRequestWithContext', 2],
  ['request', 1],
]);

export function addressIn({ callee, args: written }: CallExpr, args: readonly Val[]): Val {
  const at = (callee.kind === 'member' && BEFORE.get(callee.name)) || 0;
  return union(
    args.filter((_, i) => (written[i]?.name === undefined ? i === at : NAMED.test(written[i].name))),
  );
}
