/** A Python node's handler is a function of the node's name in snake case. */

import type { Fn, SourceFile } from '../../ir/program';
import { snakeCase } from '../common/naming';
import {
  beforeName,
  elsewhere,
  functionIn,
  functionLike,
  isNodeFile,
  offeredBy,
  typesOf,
  type Handlers,
} from '../common/handlers';
import { PYTHON_NAMES } from './names';

/** The name of handlers that take the message first and the context second. */
export const OLDEST_HANDLER = 'handle';

export const HANDLERS: Handlers = {
  in: (file, node) =>
    functionIn(file, PYTHON_NAMES.handler(node).function) ??
    functionIn(file, snakeCase(node)) ??
    functionLike(file, node),
  offered: (file, node, modules) => offeredBy(file, PYTHON_NAMES.handler(node).function, modules),
  oldest,
  unserved({ file, name }, node) {
    const names = PYTHON_NAMES.handler(node);
    const wanted = `nodes/${names.file}.py`;
    if (name === OLDEST_HANDLER && name !== names.function)
      return `${file.path} holds handle(input, context), which node hosts do not call any more; write def ${names.function}(ax, input)`;
    return isNodeFile(file.path, node) || file.path === wanted
      ? undefined
      : elsewhere(file.path, `def ${name}`, wanted);
  },
  wanted: (_node, names) => `def ${names.function}(ax, input) in nodes/${names.file}.py`,
  shape: (fn) => ({
    takes: fn.params[1]?.name.startsWith('secrets') === true ? 'logAndSecrets' : 'context',
    isAsync: /^async\b/.test(beforeName(fn)),
    isStream: fn.yields.length > 0,
    takesToken: false,
    parameters: typesOf(fn),
  }),
};

/** Before nodes had functions of their own name, a node's file held `def handle(input, context)`. */
function oldest(file: SourceFile): Fn | undefined {
  const fn = file.top.fns.get(OLDEST_HANDLER);
  return fn?.params.length === 2 ? fn : undefined;
}
