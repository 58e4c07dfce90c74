/** What a handler knows of a call: who it is from. No transport reaches a handler. */

import type { DescService, DescMethod, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { DoorName, Principal } from './principal';
import type { SerializedMessage } from './serialized';
import type { Waiter } from './waiter';

/** A call that the policy has let in; who made it waits for the answer, where it is not the service itself. */
export interface Call<P extends Principal = Principal> extends Waiter {
  readonly principal: P;
  readonly door: DoorName;
  /** Where it came from, as the audit log says it: see sourceAddress. */
  readonly source: string;
}

type MethodsOf<S extends DescService> = S['method'];

type HandlerOf<M, P extends Principal, Also> = M extends DescMethod
  ? (call: Call<P>, request: MessageShape<M['input']>) => Promise<MessageInitShape<M['output']> | Also>
  : never;

/**
 * The handlers of some of a service's methods: plain functions of (call, request).
 * `Also` is what they may answer beside the response message: one that is serialized already.
 */
export type Handlers<
  S extends DescService,
  K extends keyof MethodsOf<S>,
  P extends Principal,
  Also extends SerializedMessage = never,
> = {
  readonly [N in K]: HandlerOf<MethodsOf<S>[N], P, Also>;
};
