/** How many rows of reads tenants get where there are many of them. */

import { expect, it } from '@jest/globals';
import type { TenantId } from '../../src/domain/ids';
import { createReadBudget } from '../../src/domain/read-budget';

const tenant = (number: number) => `t${number}` as TenantId;

it('A tenant beyond those that are remembered gets its rows once others have rested', () => {
  const budget = createReadBudget(0);
  for (let number = 0; number < 10_000; number++) expect(budget.take(tenant(number), 0)).toBe(true);
  expect(budget.take(tenant(10_000), 0)).toBe(false);
  // Each has spent one of its rows, of which 500 come back in a second.
  expect(budget.take(tenant(10_000), 1)).toBe(false);
  expect(budget.take(tenant(10_000), 2)).toBe(true);
});

it('A tenant whose rows are spent gets 500 more in a second', () => {
  const budget = createReadBudget(0);
  while (budget.take(tenant(1), 0));
  const later = Array.from({ length: 1_000 }, () => budget.take(tenant(1), 1_000)).filter(Boolean);
  expect(later).toHaveLength(500);
});

it('Of all tenants together no more rows are written than four of them may, each its own', () => {
  const budget = createReadBudget(0);
  const taken = ['a', 'b', 'c', 'd', 'e'].map((id) => {
    const tenantId = id as TenantId;
    return Array.from({ length: 6_000 }, () => budget.take(tenantId, 0)).filter(Boolean).length;
  });
  expect(taken).toEqual([5_000, 5_000, 5_000, 5_000, 0]);
});

it('Two workers have half of all rows each', () => {
  const budget = createReadBudget(0, 2);
  let rows = 0;
  for (let number = 0; number < 9_000; number++)
    for (let time = 0; time < 3; time++) if (budget.take(tenant(number), 0)) rows++;
  expect(rows).toBe(10_000);
});
