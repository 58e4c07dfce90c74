/** The methods that a door serves, each with its rule and its handler; refuses to be made incomplete. */

import type { DescMethod } from '@bufbuild/protobuf';
import type { DoorName } from '../domain/principal';
import type { AnyHandler, AnyWriter, ServedService } from '../domain/served-service';
import { holdsValues } from '../wire/holds-values';
import { accessOf, isServedAt, type MethodAccess } from '../wire/policy';
import { isListOfMessages, maxRequestBytes } from './request-size';

/** One method ready to be put on a wire. */
export interface ServedMethod {
  readonly desc: DescMethod;
  readonly access: MethodAccess;
  readonly handler: AnyHandler;
  /** Undefined: the generic writer is fast enough. */
  readonly write: AnyWriter | undefined;
  readonly maxRequestBytes: number;
  /** It answers pages of rows (AIP-158). */
  readonly isListing: boolean;
  /** Its request may hold values. */
  readonly takesValues: boolean;
  /** Its request may hold those of many names, and storing them takes slices. */
  readonly isImport: boolean;
}

/** @throws Error for a method without a rule, or one that belongs to this door and has no handler. */
export function methodsAt(door: DoorName, services: readonly ServedService[]): readonly ServedMethod[] {
  return services.flatMap(({ service, handlers, writers }) => {
    return service.methods.flatMap((desc) => {
      const access = accessOf(desc);
      if (!isServedAt(access, door)) return [];
      const handler = handlers[desc.localName];
      if (handler === undefined || desc.methodKind !== 'unary') {
        throw new Error(
          `${service.typeName}.${desc.name} belongs to the ${door} door, and no handler serves it there`,
        );
      }
      const isListing = desc.input.fields.some(({ name }) => name === 'page_size');
      const takesValues = holdsValues(desc.input);
      const isImport = takesValues && desc.input.fields.some(isListOfMessages);
      const write = writers[desc.localName];
      const rule = { desc, access, handler, write, maxRequestBytes: maxRequestBytes(desc.input) };
      return [{ ...rule, isListing, takesValues, isImport }];
    });
  });
}
