/** What a verification finds wrong. */

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
