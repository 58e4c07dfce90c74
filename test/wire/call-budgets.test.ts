/** What one principal may take: where something outlasts its call, and beside others. */

import { expect, it } from '@jest/globals';
import type { TenantId } from '../../src/domain/ids';
import { CallAccounts, DEFAULT_CALL_BUDGETS } from '../../src/wire/call-budgets';

it('bytes that are kept count after their call is over, until they are let go', () => {
  const workloads = { underWay: 1, perSecond: 100, bytes: 10 };
  const accounts = new CallAccounts({ ...DEFAULT_CALL_BUDGETS, workloads }, () => 0);
  const take = () => accounts.take({ kind: 'engine', id: 'engine:checkout' });
  const first = take();
  expect(first.addBytes(8)).toBe(true);
  const letGo = first.keepBytes();
  first.giveBack();
  const second = take();
  expect(second.addBytes(3)).toBe(false);
  second.giveBack();
  letGo();
  const third = take();
  expect(third.addBytes(10)).toBe(true);
  const letThirdGo = third.keepBytes();
  letThirdGo();
  third.giveBack();
  expect(take().addBytes(10)).toBe(true);
});

it('bytes of all together have a limit, beyond which who holds more than an equal part gets no more', () => {
  const members = { underWay: 10, perSecond: 100, bytes: 100 };
  const accounts = new CallAccounts({ bytes: 90, members, workloads: members }, () => 0);
  const take = (tenantId: string, id: string) =>
    accounts.take({
      ...{ kind: 'tenant', tenantId: tenantId as TenantId, id, role: 'editor', displayName: '' },
    });
  const [loud, loudToo, quiet] = [take('loud', 'a'), take('loud', 'b'), take('quiet', 'c')];
  expect(loud.addBytes(80)).toBe(true);
  // 95 of 90 are held: 45 of them are a part, and only who holds less may go on.
  expect(quiet.addBytes(15)).toBe(true);
  expect(quiet.addBytes(30)).toBe(true);
  expect(quiet.addBytes(1)).toBe(false);
  // Members of a tenant hold one part together.
  expect(loudToo.addBytes(1)).toBe(false);
  loud.giveBack();
  loudToo.giveBack();
  expect(quiet.addBytes(44)).toBe(true);
  expect(quiet.addBytes(1)).toBe(false);
  quiet.giveBack();
  expect(take('loud', 'a').addBytes(90)).toBe(true);
});

it('calls of a second come back once, however often is asked', () => {
  let now = 0;
  const workloads = { underWay: 10_000, perSecond: 100, bytes: 10 };
  const accounts = new CallAccounts({ ...DEFAULT_CALL_BUDGETS, workloads }, () => now);
  const taken = (times: number) => {
    let count = 0;
    for (let time = 0; time < times; time++) {
      try {
        accounts.take({ kind: 'engine', id: 'engine:checkout' });
        count++;
      } catch {
        // Too many.
      }
    }
    return count;
  };
  expect(taken(200)).toBe(100);
  now = 500;
  expect(taken(200)).toBe(50);
  now = 510;
  expect(taken(200)).toBe(1);
  now = 100_000;
  expect(taken(200)).toBe(100);
});
