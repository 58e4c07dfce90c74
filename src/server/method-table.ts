/** The methods that a door serves, each with its rule and its handler; refuses to be made incomplete. */

import type { DescMethod, DescService, Message } from '@bufbuild/protobuf';
import type { Call } from '../domain/call';
import type { DoorName } from '../domain/principal';
import { accessOf, isServedAt, type MethodAccess } from '../wire/policy';

/** A service with the handlers that this process has for it, by the methods' local names. */
export interface ServedService {
  readonly service: DescService;
  readonly handlers: object;
}

/** One method ready to be put on a wire. */
export interface ServedMethod {
  readonly desc: DescMethod;
  readonly access: MethodAccess;
  readonly handler: (call: Call, request: Message) => Promise<unknown>;
}

/** @throws Error for a method without a rule, or one that belongs to this door and has no handler. */
export function methodsAt(door: DoorName, services: readonly ServedService[]): readonly ServedMethod[] {
  return services.flatMap(({ service, handlers }) => {
    const byName = handlers as Record<string, ServedMethod['handler'] | undefined>;
    return service.methods.flatMap((desc) => {
      const access = accessOf(desc);
      if (!isServedAt(access, door)) return [];
      const handler = byName[desc.localName];
      if (handler === undefined || desc.methodKind !== 'unary') {
        throw new Error(
          `${service.typeName}.${desc.name} belongs to the ${door} door, and no handler serves it there`,
        );
      }
      return [{ desc, access, handler }];
    });
  });
}
