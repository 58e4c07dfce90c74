/** `ax.secrets` of one invocation: its own names and values, forgotten when it ends. */

import { inspect } from 'node:util';
import { SecretStatus, type AxiomSecrets } from '../axiomContext';
import type { SecretText } from './secret-text';

/** Told of every name that `get` was asked for, and whether it was there. */
export type ReadListener = (name: string, found: boolean) => void;

/** No secret's name is longer. Of a longer one a character more is taken: it is still no secret's name. */
const LONGEST_NAME = 128;

export class InvocationSecrets implements AxiomSecrets {
  readonly #values: Map<string, SecretText>;
  readonly #revoked: Set<string>;
  #onRead: ReadListener | undefined;

  constructor(values: Map<string, SecretText>, revoked: Iterable<string>, onRead: ReadListener) {
    this.#values = values;
    this.#revoked = new Set(revoked);
    this.#onRead = onRead;
  }

  get(name: string): [string, boolean] {
    const asked = withinLimit(name);
    const value = this.#revoked.has(asked) ? undefined : this.#values.get(asked);
    this.#onRead?.(asked, value !== undefined);
    return value === undefined ? ['', false] : [value.expose(), true];
  }

  status(name: string): SecretStatus {
    const asked = withinLimit(name);
    if (this.#revoked.has(asked)) return SecretStatus.Revoked;
    return this.#values.has(asked) ? SecretStatus.Available : SecretStatus.Unset;
  }

  /** Wipes every value; from now on nothing is found and no read is told of. */
  forget(): void {
    for (const value of this.#values.values()) value.wipe();
    this.#values.clear();
    this.#revoked.clear();
    this.#onRead = undefined;
  }

  toJSON(): string {
    return '[REDACTED]';
  }

  [inspect.custom](): string {
    return 'AxiomSecrets [REDACTED]';
  }
}

/** What is no text, and has no length, stays as it is: no name is equal to it. */
function withinLimit(name: string): string {
  return typeof name === 'string' ? name.slice(0, LONGEST_NAME + 1) : name;
}
