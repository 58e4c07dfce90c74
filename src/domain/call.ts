/** What a handler knows of a call: who it is from. No transport reaches a handler. */

import type { DescService, DescMethod, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { DoorName, Principal } from './principal';

/** A call that the policy has let in. */
export interface Call<P extends Principal = Principal> {
  readonly principal: P;
  readonly door: DoorName;
}

type MethodsOf<S extends DescService> = S['method'];

type HandlerOf<M, P extends Principal> = M extends DescMethod
  ? (call: Call<P>, request: MessageShape<M['input']>) => Promise<MessageInitShape<M['output']>>
  : never;

/** The handlers of some of a service's methods: plain functions of (call, request). */
export type Handlers<S extends DescService, K extends keyof MethodsOf<S>, P extends Principal> = {
  readonly [N in K]: HandlerOf<MethodsOf<S>[N], P>;
};
