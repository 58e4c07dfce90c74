/** Reads vectors.json and spells it out: plain names and values. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What one read must answer. */
export interface ExpectedRead {
  readonly name: string;
  /** Empty where it must not be found. */
  readonly value: string;
  readonly status: 'available' | 'revoked' | 'unset';
}

/** One vector, spelled out. */
export interface Vector {
  readonly id: string;
  readonly secrets: ReadonlyMap<string, string>;
  readonly overrides: ReadonlyMap<string, string>;
  readonly revoke: readonly string[];
  readonly reads: readonly ExpectedRead[];
}

type ValueSpec = string | { readonly repeat: string; readonly times: number };

type SecretSpec =
  | { readonly name: string; readonly value?: ValueSpec; readonly status?: 'revoked' }
  | { readonly prefix: string; readonly count: number; readonly value: string };

interface VectorSpec {
  readonly id: string;
  readonly secrets: readonly SecretSpec[];
  readonly overrides?: readonly SecretSpec[];
  readonly revoke?: readonly string[];
  readonly reads: readonly SecretSpec[];
}

const file = JSON.parse(readFileSync(join(__dirname, 'vectors.json'), 'utf8')) as { vectors: VectorSpec[] };

export const VECTORS: readonly Vector[] = file.vectors.map((spec) => ({
  id: spec.id,
  secrets: valuesOf(spec.secrets),
  overrides: valuesOf(spec.overrides ?? []),
  revoke: spec.revoke ?? [],
  reads: spec.reads.flatMap(spell).map(({ name, value, status }) => ({
    name,
    value: value ?? '',
    status: value === undefined ? (status ?? 'unset') : 'available',
  })),
}));

/** What an execution of the vector holds at the end: overrides win, what was revoked is gone. */
export function effectiveSecrets(vector: Vector): ReadonlyMap<string, string> {
  const all = new Map([...vector.secrets, ...vector.overrides]);
  for (const name of vector.revoke) all.delete(name);
  return all;
}

/**
 * The vectors for tests of the generated mocks, in a form that every language reads without a library:
 * a line a fact, fields parted by tabs, text as the hex of its UTF-8 bytes.
 *
 *     <vector>  secret   <name>  <value>
 *     <vector>  revoked  <name>
 *     <vector>  read     <name>  <status>  <value>
 */
export function plainVectors(): string {
  const hex = (text: string): string => Buffer.from(text, 'utf8').toString('hex');
  const lines = VECTORS.flatMap((vector) => [
    ...[...effectiveSecrets(vector)].map(([name, value]) => [vector.id, 'secret', hex(name), hex(value)]),
    ...vector.revoke.map((name) => [vector.id, 'revoked', hex(name)]),
    ...vector.reads.map(({ name, status, value }) => [vector.id, 'read', hex(name), status, hex(value)]),
  ]);
  return `${lines.map((fields) => fields.join('\t')).join('\n')}\n`;
}

interface Spelled {
  readonly name: string;
  readonly value: string | undefined;
  readonly status: 'revoked' | undefined;
}

function spell(spec: SecretSpec): Spelled[] {
  if ('prefix' in spec) {
    const { prefix, count, value } = spec;
    return Array.from({ length: count }, (_, i) => ({
      name: prefix + i,
      value: value + i,
      status: undefined,
    }));
  }
  const value = typeof spec.value === 'object' ? spec.value.repeat.repeat(spec.value.times) : spec.value;
  return [{ name: spec.name, value, status: spec.status }];
}

function valuesOf(specs: readonly SecretSpec[]): Map<string, string> {
  return new Map(specs.flatMap(spell).map(({ name, value }) => [name, value ?? '']));
}
