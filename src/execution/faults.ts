/** What a verification finds wrong. */

import { DomainError } from '../domain/errors';
import type { FaultKind } from '../gen/axiom/maintenance/v1/maintenance_pb';

/** So many are told; the answer has a limit. */
const MAX_FAULTS = 1_000;

/** What is wrong at one place; the proto says which fields a kind has. */
export interface Fault {
  readonly kind: FaultKind;
  readonly scope: string;
  readonly name: string;
  readonly version: bigint;
}

export function addFault(faults: Fault[], fault: Partial<Fault> & Pick<Fault, 'kind'>): void {
  if (faults.length < MAX_FAULTS) faults.push({ scope: '', name: '', version: 0n, ...fault });
}

/** Tampering and a wrong key are what is looked for; a KEK or a database that is away says nothing about the data. */
export function noneIfUnsound(error: unknown): undefined {
  if (!(error instanceof DomainError) || !['FAILED_PRECONDITION', 'DATA_LOSS'].includes(error.code))
    throw error;
}
