// How values come to be sealed before a write: so many of a call's at a time, and stored in the order they came in.

import { expect, it } from '@jest/globals';
import type { SealedValue } from '../../src/crypto/types';
import { parseSecretName, parseTenantId } from '../../src/domain/ids';
import { TENANT_SCOPE } from '../../src/domain/scope';
import { SealAhead } from '../../src/management/seal-ahead';
import type { ManagementContext } from '../../src/management/context';
import { member, openRooms } from '../support/rooms';

it('seals 16 values of a call side by side, and no more, and hands them on in their order', async () => {
  const rooms = await openRooms();
  try {
    let most = 0;
    let now = 0;
    const contents = Array.from({ length: 40 }, (_, index) => ({
      name: parseSecretName(`NAME_${index}`),
      content: {
        async sealedBy(): Promise<SealedValue> {
          most = Math.max(most, ++now);
          await new Promise((resolve) => setImmediate(resolve));
          now--;
          return { sealId: Buffer.alloc(16, index), ciphertext: Buffer.alloc(1) };
        },
      },
    }));
    const context: Pick<ManagementContext, 'store' | 'sealers'> = rooms.management;
    const place = { tenantId: parseTenantId('acme'), scope: TENANT_SCOPE };
    const sealed = await new SealAhead(context).write(
      { ...place, contents },
      { waiter: member() },
      async (_, all) => all,
    );
    expect(most).toBe(16);
    expect(sealed.map(({ sealed: { sealId } }) => sealId[0])).toEqual([...contents.keys()]);
    expect(sealed.map(({ name }) => name)).toEqual(contents.map(({ name }) => name));
  } finally {
    await rooms.close();
  }
});
