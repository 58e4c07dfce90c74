/**
 * What a tenant's texts may cost beyond their strict price: so much at once, and then so much a second. Whoever logs a
 * table now and then never comes to its end; whoever logs nothing but what is dear without end has the rest masked whole.
 * It is a tenant's and not an execution's: it may begin many.
 */

import { Allowance } from './allowance';
import type { Credit } from './masking/work';

/** In bytes of text at their strict price: a seventh of a second of one core, and then a twenty-eighth of one. */
const PER_TENANT = { atOnce: 8 * 1_048_576, perSecond: 2 * 1_048_576 };

export class MaskingCredits {
  readonly #tenants: Allowance;

  /** @param now a clock that nobody sets, in milliseconds. */
  constructor(now?: () => number) {
    this.#tenants = new Allowance(PER_TENANT, now);
  }

  of(tenantId: string): Credit {
    const tenants = this.#tenants;
    return {
      left: () => tenants.left(tenantId),
      // What is paid at once may be a little more than there was.
      take: (bytes) => void tenants.take(tenantId, Math.min(bytes, tenants.left(tenantId))),
    };
  }

  /** Forgets the credits that are full again. */
  sweep(): void {
    this.#tenants.sweep();
  }
}
