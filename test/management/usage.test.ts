/** Usage: which secrets nodes really read, and which names they missed. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { member, openRooms, text, type Rooms } from '../support/rooms';

let rooms: Rooms;
const admin = member();

beforeEach(async () => {
  rooms = await openRooms();
});

afterEach(() => rooms.close());

describe('Usage: what nodes really read', () => {
  const report = async (token: string, reads: { name: string; found: boolean; count?: number }[]) =>
    rooms.reportReads({
      executions: [
        {
          executionToken: token,
          reads: reads.map((one) => ({
            count: 1,
            package: 'my-org/greeter',
            packageVersion: '1.0.0',
            node: 'Greet',
            ...one,
          })),
        },
      ],
    });

  it('shows for each secret when and by which package and node it was last read', async () => {
    for (const name of ['READ', 'NEVER'])
      await rooms.secrets.addSecret(admin, { name, content: { case: 'value', value: text('x') } });
    const { executionToken } = await rooms.start({});
    await report(executionToken, [{ name: 'READ', found: true, count: 3 }]);
    await report(executionToken, [{ name: 'READ', found: true }]);
    const { secrets } = await rooms.usage.listSecretUsage(admin);
    expect(secrets).toMatchObject([
      { name: 'NEVER' },
      { name: 'READ', readCount: 4n, lastReadPackage: 'my-org/greeter@1.0.0', lastReadNode: 'Greet' },
    ]);
    expect(secrets?.[0]).not.toHaveProperty('lastReadTime');
  });

  it('lists secrets that nothing has read for so many days', async () => {
    await rooms.secrets.addSecret(admin, { name: 'OLD', content: { case: 'value', value: text('x') } });
    rooms.time.now += 10 * 86_400_000;
    await rooms.secrets.addSecret(admin, { name: 'NEW', content: { case: 'value', value: text('x') } });
    const unread = async (unreadDays: number) =>
      (await rooms.usage.listSecretUsage(admin, { unreadDays })).secrets?.map((one) => one.name);
    expect(await unread(7)).toEqual(['OLD']);
    expect(await unread(30)).toEqual([]);
    await expect(rooms.usage.listSecretUsage(admin, { unreadDays: -1 })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it('lists names asked for and not found, with the nearest registered name', async () => {
    await rooms.secrets.addSecret(admin, {
      name: 'ANTHROPIC_API_KEY',
      content: { case: 'value', value: text('x') },
    });
    const { executionToken } = await rooms.start({});
    await report(executionToken, [
      { name: 'ANTROPIC_APIKEY', found: false },
      { name: 'SOMETHING_ELSE', found: false },
    ]);
    const { misses } = await rooms.usage.listMissedReads(admin);
    expect(misses).toMatchObject([
      { name: 'ANTROPIC_APIKEY', nearestName: 'ANTHROPIC_API_KEY' },
      { name: 'SOMETHING_ELSE', nearestName: '' },
    ]);
  });

  it('is in the audit log by execution and node, with names only', async () => {
    await rooms.secrets.addSecret(admin, { name: 'READ', content: { case: 'value', value: text('x') } });
    const { executionToken, executionId } = await rooms.start({});
    await rooms.resolve(executionToken);
    await report(executionToken, [
      { name: 'READ', found: true },
      { name: 'not a name: a value maybe', found: false },
    ]);
    const { events } = await rooms.audit.listAuditEvents(admin, { pageSize: 3 });
    expect(events).toMatchObject([
      { action: 'secret.read', resource: '(not a secret name)', status: 'NOT_FOUND', executionId },
      { action: 'secret.read', resource: 'READ', node: 'my-org/greeter@1.0.0#Greet', executionId },
      { action: 'execution.resolve', count: 1, executionId },
    ]);
  });

  it('tells of one secret when and by what it was last read, and how many running executions hold its value, or an older one', async () => {
    await rooms.secrets.addSecret(admin, { name: 'HELD', content: { case: 'value', value: text('1') } });
    const use = async () => {
      const answer = await rooms.usage.getSecretUsage(admin, { name: 'HELD' });
      return [answer.runningExecutionCount, answer.olderExecutionCount, answer.usage?.lastReadNode];
    };
    expect(await use()).toEqual([0, 0, undefined]);
    const { executionToken } = await rooms.start({});
    const second = await rooms.start({});
    await report(executionToken, [{ name: 'HELD', found: true }]);
    expect(await use()).toEqual([2, 0, 'Greet']);
    await rooms.end(second.executionToken);
    expect(await use()).toEqual([1, 0, 'Greet']);
    // What runs holds the value that stood when it started, and not the new one.
    await rooms.secrets.replaceSecret(admin, { name: 'HELD', content: { case: 'value', value: text('2') } });
    expect(await use()).toEqual([0, 1, 'Greet']);
    await expect(rooms.usage.getSecretUsage(admin, { name: 'NOT_THERE' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('tells the same of a config’s override, of which only executions of that config hold a value', async () => {
    const configOf = async (profileName: string) => {
      const answer = await rooms.configs.createFlowConfig(admin, { flowId: 'checkout', profileName });
      return answer.flowConfig?.configId ?? '';
    };
    const [eu, us] = [await configOf('eu'), await configOf('us')];
    const set = (value: string) =>
      rooms.configs.setSecretOverride(admin, {
        ...{ configId: eu, name: 'HELD', content: { case: 'value', value: text(value) } },
      });
    const use = async (configId: string) => {
      const answer = await rooms.usage.getSecretUsage(admin, { name: 'HELD', configId });
      return [answer.runningExecutionCount, answer.olderExecutionCount];
    };
    await set('1');
    const start = (configId: string) =>
      rooms.start({ flowId: 'checkout', config: { case: 'configId', value: configId } });
    for (const configId of [eu, eu, us]) await start(configId);
    await rooms.start({ flowId: 'checkout' });
    expect(await use(eu)).toEqual([2, 0]);
    await set('2');
    const { executionToken } = await start(eu);
    expect(await use(eu)).toEqual([1, 2]);
    await rooms.end(executionToken);
    expect(await use(eu)).toEqual([0, 2]);
    for (const configId of [us, '']) await expect(use(configId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(use('not an id')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
