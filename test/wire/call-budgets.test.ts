/** What one principal may take, where something outlasts its call. */

import { expect, it } from '@jest/globals';
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
