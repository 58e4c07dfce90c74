/** A value that a plain client sends is zeros once its call is over, whatever came of it. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ImportIfExists } from '../../src/gen/axiom/secrets/v1/secrets_pb';
import { member, openRooms, text, type Rooms } from '../support/rooms';

let rooms: Rooms;
const admin = member();

beforeEach(async () => {
  rooms = await openRooms();
});
afterEach(() => rooms.close());

/** A value's bytes as the door hands them in, and what a request carries them as. */
function sent(value = 'a value that is sent') {
  const bytes = text(value);
  return { bytes, content: { case: 'value', value: bytes } as const };
}

const zeros = (bytes: Uint8Array) => expect(Buffer.from(bytes)).toEqual(Buffer.alloc(bytes.byteLength));

describe('The bytes of a value are zeros', () => {
  it('after an add and a replace', async () => {
    for (const call of [rooms.secrets.addSecret, rooms.secrets.replaceSecret]) {
      const { bytes, content } = sent();
      await call(admin, { name: 'A', content });
      zeros(bytes);
    }
  });

  it('after an override was set', async () => {
    const { flowConfig } = await rooms.configs.createFlowConfig(admin, { flowId: 'flow' });
    const { bytes, content } = sent();
    await rooms.configs.setSecretOverride(admin, {
      configId: flowConfig?.configId ?? '',
      name: 'A',
      content,
    });
    zeros(bytes);
  });

  it('after an import, of those too that were kept as they were', async () => {
    await rooms.secrets.addSecret(admin, { name: 'A', content: sent().content });
    const values = [sent(), sent()];
    await rooms.secrets.importSecrets(admin, {
      ifExists: ImportIfExists.KEEP,
      secrets: values.map(({ content }, index) => ({ name: 'AB'[index] ?? '', content })),
    });
    for (const { bytes } of values) zeros(bytes);
  });

  const CHECKSUM = { valueCrc32c: 1 };
  it.each([
    ['that exists already', { name: 'A' }, 'ALREADY_EXISTS'],
    ['that is not a name', { name: 'not a name' }, 'INVALID_ARGUMENT'],
    ['whose value arrived damaged', { name: 'B', ...CHECKSUM }, 'DATA_LOSS'],
  ])('after an add was refused, of a name %s', async (_, request, code) => {
    await rooms.secrets.addSecret(admin, { name: 'A', content: sent().content });
    const { bytes, content } = sent();
    await expect(rooms.secrets.addSecret(admin, { ...request, content })).rejects.toMatchObject({ code });
    zeros(bytes);
  });

  it('after a replace of nothing, and an override of a config that does not exist', async () => {
    const [replaced, overridden] = [sent(), sent()] as const;
    await expect(
      rooms.secrets.replaceSecret(admin, { name: 'A', content: replaced.content }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    zeros(replaced.bytes);
    await expect(
      rooms.configs.setSecretOverride(admin, { configId: '!', name: 'A', content: overridden.content }),
    ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    zeros(overridden.bytes);
  });

  it.each([
    ['one name is wrong', { name: 'not a name' }, 'INVALID_ARGUMENT'],
    ['one value arrived damaged', { name: 'B', ...CHECKSUM }, 'DATA_LOSS'],
  ])('after an import was refused since %s, all of them', async (_, second, code) => {
    const values = [sent(), sent(), sent()];
    const [a, b, c] = values.map(({ content }) => content);
    await expect(
      rooms.secrets.importSecrets(admin, {
        ifExists: ImportIfExists.REPLACE,
        secrets: [
          { name: 'A', content: a! },
          { ...second, content: b! },
          { name: 'C', content: c! },
        ],
      }),
    ).rejects.toMatchObject({ code });
    for (const { bytes } of values) zeros(bytes);
  });
});
