/** The constants that generation makes of the names in axiom.yaml's required_secrets. */

import { NAMES_OF } from '../validate/languages/names';
import type { PackageModel } from './language';

export interface SecretConstant {
  /** The secret's name as a literal of the language; JSON's escapes are all of Go's, Rust's, Java's and C#'s too. */
  readonly literal: string;
  readonly constant: string;
  /** The nodes that declare it: `Greet, SayBye`. */
  readonly declaredBy: string;
}

/** One for each declared name, in their order; none in languages that have types for them instead. */
export function secretConstants({
  manifest,
  declaredSecrets,
}: Pick<PackageModel, 'manifest' | 'declaredSecrets'>): readonly SecretConstant[] {
  const constants = NAMES_OF[manifest.language].constants?.(declaredSecrets) ?? new Map<string, string>();
  return [...constants].map(([name, constant]) => ({
    literal: JSON.stringify(name),
    constant,
    declaredBy: manifest.nodes
      .filter((node) => node.requiredSecrets.includes(name))
      .map((node) => node.name)
      .join(', '),
  }));
}

/** The constant of one declared name. */
export function constantOf(
  name: string,
  { manifest, declaredSecrets }: Pick<PackageModel, 'manifest' | 'declaredSecrets'>,
): string {
  return NAMES_OF[manifest.language].constants?.(declaredSecrets).get(name) ?? name;
}
