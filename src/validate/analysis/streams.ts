/** Where something is printed: to what people read, or into a file, a connection or a buffer. */

import type { LibraryPaths } from './library-paths';
import type { LibraryFacts } from '../ir/language';
import type { CallExpr, Expr, Fn } from '../ir/program';

/** What a process prints to, by its last name. */
const STANDARD = /(?:^|\.|::)(?:__)?[sS]td(?:out|err)(?:__)?$/;
/** Types of parameters that may be it. */
const ANY_WRITER = /^(?:|io\.Writer|(?:IO|TextIO)(?:\[.*\])?)$/;
/** Streams over streams further than this are not looked through. */
const MAX_STREAMS = 4;

/** What a call prints to, where it is told that. */
export function streamOf({ args }: CallExpr, path: string, library: LibraryFacts): Expr | undefined {
  const named = args.find(({ name }) => name === 'file');
  return named?.value ?? (library.writesInto.test(path) ? args[0]?.value : undefined);
}

/** Whether people read what is written there: `os.Stderr`, a writer over it, or what a caller gives. */
export function isShown(stream: Expr, fn: Fn, paths: LibraryPaths, left = MAX_STREAMS): boolean {
  if (STANDARD.test(paths.of(stream, fn))) return true;
  if (left === 0) return false;
  if (stream.kind === 'call')
    return [stream.callee, ...stream.args.map(({ value }) => value)].some((part) =>
      isShown(part, fn, paths, left - 1),
    );
  if (stream.kind === 'member') return isShown(stream.object, fn, paths, left - 1);
  if (stream.kind === 'steps') return isShown(stream.of, fn, paths, left - 1);
  if (stream.kind === 'either') return stream.options.some((part) => isShown(part, fn, paths, left - 1));
  if (stream.kind !== 'name') return false;
  for (let at: Fn | undefined = fn; at; at = at.outer) {
    const bound = at.bindings.get(stream.name);
    if (bound) return bound.some((binding) => isShown(binding.value, binding.fn, paths, left - 1));
    const param = at.params.find(({ name }) => name === stream.name);
    if (param) return ANY_WRITER.test(param.type);
  }
  return false;
}
