/**
 * Loads `tink-crypto`, the one place that knows the package.
 *
 * Its bundle is written for browsers and reads the free variables `self` and `window`, at load
 * and at every call, so they cannot be set and removed again. It is therefore evaluated as a
 * CommonJS module that has those two as parameters: `globalThis` gets neither.
 */

import { webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';
import type * as TinkCrypto from 'tink-crypto';

export type { KeysetHandle } from 'tink-crypto';

/** What the bundle finds where it looks for a browser's window: this process's globals, read-only to it. */
function browserScope(): object {
  // globalThis.crypto is a getter that refuses any receiver but globalThis, hence the own property.
  return Object.create(globalThis, { crypto: { value: webcrypto } }) as object;
}

function load(): typeof TinkCrypto {
  const file = require.resolve('tink-crypto');
  const module = { exports: {} };
  const scope = browserScope();
  const evaluate = compileFunction(
    readFileSync(file, 'utf8'),
    ['exports', 'require', 'module', 'self', 'window'],
    { filename: file },
  ) as (exports: object, require: NodeJS.Require, module: object, self: object, window: object) => void;
  evaluate(module.exports, createRequire(file), module, scope, scope);
  const tink = module.exports as typeof TinkCrypto;
  tink.aead.register();
  tink.hybrid.register();
  tink.signature.register();
  return tink;
}

let loaded: typeof TinkCrypto | undefined;

/** The library with its key types registered. Loading takes tens of milliseconds, once. */
export function tinkLibrary(): typeof TinkCrypto {
  return (loaded ??= load());
}
