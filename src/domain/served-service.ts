/** A service of the contract with the handlers that a process has for it: what its doors put on a wire. */

import type { DescService, Message, MessageShape } from '@bufbuild/protobuf';
import type { Call, Handlers } from './call';
import type { SerializedMessage } from './serialized';

/** Any method's handler; the method's own types were checked where it was put into a service. */
export type AnyHandler = (call: Call, request: Message) => Promise<unknown>;

/** Writes a method's answer on its wire form; the method's own type was checked where it was put into a service. */
export type AnyWriter = (answer: Message) => Uint8Array;

export interface ServedService {
  readonly service: DescService;
  /** By the methods' local names. */
  readonly handlers: Readonly<Record<string, AnyHandler | undefined>>;
  /** By the methods' local names: of answers that are asked for so often that the generic writer would take too long. */
  readonly writers: Readonly<Record<string, AnyWriter | undefined>>;
}

type Writers<S extends DescService> = {
  readonly [N in keyof S['method']]?: (answer: MessageShape<S['method'][N]['output']>) => Uint8Array;
};

/**
 * Takes handlers of that service's methods only, each with its method's request and response.
 * Whose calls they take (`never` stands for any principal) is the policy's to check.
 */
export function servedService<S extends DescService>(
  service: S,
  handlers: Partial<Handlers<S, keyof S['method'], never, SerializedMessage>>,
  writers: Writers<S> = {},
): ServedService {
  return {
    service,
    handlers: handlers as ServedService['handlers'],
    writers: writers as ServedService['writers'],
  };
}
