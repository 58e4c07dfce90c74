/** Lists that could grow without end: pages that any client can receive, and figures that stay true. */

import { create, toBinary } from '@bufbuild/protobuf';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseConfigId, parseSecretName, parseTenantId } from '../../src/domain/ids';
import { configScope } from '../../src/domain/scope';
import { ListFlowConfigsResponseSchema } from '../../src/gen/axiom/flowconfigs/v1/flow_configs_pb';
import { ListPackagesResponseSchema } from '../../src/gen/axiom/packages/v1/packages_pb';
import { member, openRooms, text, type Rooms } from '../support/rooms';

let rooms: Rooms;
const admin = member();

beforeEach(async () => {
  rooms = await openRooms();
});

afterEach(() => rooms.close());

describe('Flow configs', () => {
  it('are listed in pages that any client can receive, however many names they override', async () => {
    const long = (index: number) => `N${index}_`.padEnd(128, 'x');
    for (const profileName of [...'abcdefghijkl']) {
      const { flowConfig } = await rooms.configs.createFlowConfig(admin, { flowId: 'flow', profileName });
      const configId = flowConfig?.configId ?? '';
      await rooms.store.write(async (tx) => {
        for (let index = 1; index <= 1_000; index++) {
          const row = {
            name: parseSecretName(long(index)),
            version: index,
            paddedBytes: 64,
            sealId: undefined,
            createTime: 1,
            updateTime: 1,
            ciphertext: text('x'),
          };
          await tx.putSecret(parseTenantId('acme'), configScope(parseConfigId(configId)), row);
        }
      });
    }
    const pages = [];
    let pageToken = '';
    do {
      const answer = await rooms.configs.listFlowConfigs(admin, { pageSize: 1_000, pageToken });
      expect(
        toBinary(ListFlowConfigsResponseSchema, create(ListFlowConfigsResponseSchema, answer)).byteLength,
      ).toBeLessThan(1.2 * 1024 * 1024);
      pages.push(...(answer.flowConfigs ?? []).map((one) => [one.profileName, one.overrides?.length]));
      pageToken = answer.nextPageToken ?? '';
    } while (pageToken !== '');
    expect(pages).toEqual([...'abcdefghijkl'].map((profileName) => [profileName, 1_000]));
  });
});

describe('Packages', () => {
  const manifest = (description: string, name: string) =>
    text(
      `name: ${name}\nversion: 1.0.0\nlanguage: python\ndescription: ${description}\nnodes:\n  - {name: Greet, input: A, output: B, required_secrets: [HAVE, LACK]}\n`,
    );

  it('are listed without loading what is not shown, in pages that any client can receive', async () => {
    const long = 'd'.repeat(50_000);
    for (let index = 10; index < 50; index++) {
      await rooms.packages.publishPackage(admin, { manifest: manifest(long, `my-org/p${index}`) });
    }
    const sizes: number[] = [];
    const names: (string | undefined)[] = [];
    let pageToken = '';
    do {
      const answer = await rooms.packages.listPackages(admin, { pageSize: 1_000, pageToken });
      sizes.push(toBinary(ListPackagesResponseSchema, create(ListPackagesResponseSchema, answer)).byteLength);
      names.push(...(answer.packages ?? []).map((one) => one.name));
      pageToken = answer.nextPageToken ?? '';
    } while (pageToken !== '');
    expect(Math.max(...sizes)).toBeLessThan(1.2 * 1024 * 1024);
    expect(names).toEqual(Array.from({ length: 40 }, (_, index) => `my-org/p${index + 10}`));
  });
});

describe('Usage: what nodes really read', () => {
  const report = async (token: string, reads: { name: string; found: boolean }[]) =>
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

  it('lists a missed name no longer once it is registered', async () => {
    const { executionToken } = await rooms.start({});
    await report(executionToken, [
      { name: 'LATER', found: false },
      { name: 'LATEST', found: false },
    ]);
    const missed = async () =>
      (await rooms.usage.listMissedReads(admin, { pageSize: 1 })).misses?.map(({ name, nearestName }) => ({
        name,
        nearestName,
      }));
    expect(await missed()).toEqual([{ name: 'LATER', nearestName: '' }]);
    await rooms.secrets.addSecret(admin, { name: 'LATER', content: { case: 'value', value: text('x') } });
    expect(await missed()).toEqual([{ name: 'LATEST', nearestName: 'LATER' }]);
    await rooms.secrets.deleteSecret(admin, { name: 'LATER' });
    expect(await missed()).toEqual([{ name: 'LATER', nearestName: '' }]);
  });

  it('does not count reads of a deleted secret for a new one of its name', async () => {
    await rooms.secrets.addSecret(admin, { name: 'AGAIN', content: { case: 'value', value: text('x') } });
    await report((await rooms.start({})).executionToken, [{ name: 'AGAIN', found: true }]);
    await rooms.secrets.deleteSecret(admin, { name: 'AGAIN' });
    rooms.time.now += 100 * 86_400_000;
    await rooms.secrets.addSecret(admin, { name: 'AGAIN', content: { case: 'value', value: text('y') } });
    const all = await rooms.usage.listSecretUsage(admin);
    expect(all.secrets?.[0]).not.toHaveProperty('lastReadTime');
    expect((await rooms.usage.listSecretUsage(admin, { unreadDays: 90 })).secrets).toEqual([]);
  });
});
