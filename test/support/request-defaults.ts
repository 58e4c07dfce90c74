/** Fills requests with Protobuf's defaults, so that tests write only what they mean. */

import { create, type DescService, type MessageInitShape } from '@bufbuild/protobuf';
import type { Call } from '../../src/domain/call';

/** Handlers that take what a client would write. */
export type Filled<S extends DescService, H> = {
  [K in keyof H & keyof S['method']]: H[K] extends (call: infer C, ...args: never[]) => infer A
    ? (call: C, request?: MessageInitShape<S['method'][K]['input']>) => A
    : never;
};

export function withDefaults<S extends DescService, H extends object>(service: S, handlers: H): Filled<S, H> {
  const filled = Object.entries(handlers).map(([name, handler]) => [
    name,
    (call: Call, request: object = {}) =>
      (handler as (call: Call, request: object) => unknown)(
        call,
        create((service.method as S['method'])[name]!.input, request as never),
      ),
  ]);
  return Object.fromEntries(filled) as Filled<S, H>;
}
