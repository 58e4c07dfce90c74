/** A Rust node's handler is a public function of the node's name in snake case. */

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
import { RUST_NAMES } from './names';

export const HANDLERS: Handlers = {
  in(file, node) {
    const fn =
      functionIn(file, RUST_NAMES.handler(node).function) ??
      functionIn(file, snakeCase(node)) ??
      functionLike(file, node);
    return fn?.isTest === true ? undefined : fn;
  },
  /** `pub use crate::shared::greet;` */
  offered: (file, node, modules) => offeredBy(file, RUST_NAMES.handler(node).function, modules),
  unserved({ file, name, fn }, node) {
    const names = RUST_NAMES.handler(node);
    if (!isNodeFile(file.path, node)) return elsewhere(file.path, `fn ${name}`, `nodes/${names.file}.rs`);
    const isPrivate = fn?.file === file && !/^pub\b/.test(beforeName(fn));
    return isPrivate
      ? `${file.path} holds fn ${name}, which is private; write pub fn ${names.function}`
      : undefined;
  },
  wanted: (_node, names) => `pub fn ${names.function} in nodes/${names.file}.rs`,
  shape: (fn) => ({
    takes: 'context',
    isAsync: /\basync\b/.test(beforeName(fn)),
    isStream: fn.params.length > 2,
    takesToken: false,
    parameters: typesOf(fn),
  }),
};
