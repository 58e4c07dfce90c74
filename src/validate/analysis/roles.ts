/** What a handler's parameters are, and what any parameter's type or name says it is. */

import type { Fn } from '../ir/program';
import type { PackageScope } from '../ir/scope';
import { valueOfType } from './context-types';
import { CTX, DYNAMIC, LOGGER, SECRETS, type Val } from '../ir/values';

/** The value of a handler's parameter: the platform gives the context (or log and secrets), callers the rest. */
export function handlerParam(fn: Fn, index: number, scope: PackageScope): Val {
  const param = fn.params[index];
  const typed = param && valueOfType(param.type, fn.file, scope, () => boundsOf(fn));
  if (typed) return typed;
  const role = scope.language.handlerParam(fn, index);
  return role === undefined ? DYNAMIC : { context: CTX, log: LOGGER, secrets: SECRETS }[role];
}

/** The value that a parameter's declared type tells; `ax` alone is enough where types are optional. */
export function declaredParam(fn: Fn, index: number, scope: PackageScope): Val | undefined {
  const param = fn.params[index];
  if (!param) return undefined;
  const typed = valueOfType(param.type, fn.file, scope, () => boundsOf(fn));
  if (typed) return typed;
  const untyped = param.type === '' || /^["']?(?:Any|any|object|unknown|typing\.Any)["']?$/.test(param.type);
  return untyped && /^_?ax$/.test(param.name) ? CTX : undefined;
}

/** Generic bounds are between a function's name and its body. */
function boundsOf(fn: Fn): string {
  return fn.file.text.slice(fn.start, Math.min(fn.end, fn.start + 600)).split(/[{;]/)[0] ?? '';
}
