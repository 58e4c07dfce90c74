/** A TypeScript node's handler is a function of the node's name, its first letter small. */

import { lowerFirst } from '../common/naming';
import {
  beforeName,
  elsewhere,
  functionIn,
  isNodeFile,
  offeredBy,
  typesOf,
  type Handlers,
} from '../common/handlers';
import { TYPESCRIPT_NAMES } from './names';

export const HANDLERS: Handlers = {
  in: (file, node) =>
    functionIn(file, TYPESCRIPT_NAMES.handler(node).function) ??
    functionIn(file, lowerFirst(node)) ??
    functionIn(file, node),
  /** `export { remove as delete }` gives a handler the name that no function can be declared by. */
  offered: (file, node, modules) =>
    offeredBy(file, TYPESCRIPT_NAMES.handler(node).function, modules) ??
    offeredBy(file, lowerFirst(node), modules),
  unserved({ file, name }, node) {
    const names = TYPESCRIPT_NAMES.handler(node);
    const wanted = `nodes/${names.file}.ts`;
    if (!isNodeFile(file.path, node)) return elsewhere(file.path, `function ${name}`, wanted);
    return name === names.function || name === lowerFirst(node)
      ? undefined
      : `${file.path} holds function ${name}, which no node host calls; rename it to ${names.function}`;
  },
  wanted: (_node, names) => `export function ${names.function}(ax, input) in nodes/${names.file}.ts`,
  shape: (fn) => ({
    takes: 'context',
    isAsync: /\basync\b/.test(fn.file.text.slice(fn.start, Math.max(fn.nameAt, fn.start + 'async'.length))),
    isStream: /\*\s*$/.test(beforeName(fn)),
    takesToken: false,
    parameters: typesOf(fn),
  }),
};
