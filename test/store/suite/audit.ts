/** The audit log, as every engine must keep them. */

import { beforeEach, describe, expect, it } from '@jest/globals';
import { AUDIT_CHAIN_START, auditHash } from '../../../src/domain/audit-chain';
import type { Store } from '../../../src/store/store';
import { entry, id, TENANT } from '../rows';
import type { TestDatabase } from '../test-database';

export function describeAudit(current: () => TestDatabase): void {
  describe('the audit log', () => {
    let store: Store;
    beforeEach(() => {
      store = current().store;
    });

    it('chains each tenant’s entries by hash, without gaps', async () => {
      const appended = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          store.write((tx) => tx.appendAudit(i % 2 === 0 ? TENANT : id('other'), entry({ time: i }))),
        ),
      );
      const events = await store.read((tx) => tx.listAuditEvents(TENANT, {}, { limit: 100 }));
      expect(events.map((e) => e.sequence)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
      let previous = AUDIT_CHAIN_START;
      for (const event of [...events].reverse()) {
        previous = auditHash(previous, TENANT, event.sequence, event);
        expect(event.hash).toBe(previous);
      }
      const places = [...events].reverse().map(({ sequence, hash }) => ({ sequence, hash }));
      expect(appended.filter((_, i) => i % 2 === 0)).toEqual(places);
    });

    it('gives no place to an entry whose write was undone', async () => {
      const outcomes = await Promise.allSettled(
        [1, 2, 3, 4].map((i) =>
          store.write(async (tx) => {
            await tx.appendAudit(TENANT, entry({ time: i }));
            if (i % 2 === 0) throw new Error('changed my mind');
          }),
        ),
      );
      expect(outcomes.map((o) => o.status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
      const events = await store.read((tx) => tx.listAuditEvents(TENANT, {}, { limit: 9 }));
      expect(events.map((e) => [e.sequence, e.time])).toEqual([
        [2, 3],
        [1, 1],
      ]);
    });

    it('lists newest first by action, by resource, by both, page by page', async () => {
      await store.write(async (tx) => {
        for (let i = 1; i <= 12; i++) {
          await tx.appendAudit(
            TENANT,
            entry({
              action: i % 2 === 0 ? 'secret.add' : 'secret.delete',
              resource: i % 3 === 0 ? 'X' : 'Y',
              allowed: i > 6,
            }),
          );
        }
      });
      const list = (filter: { action?: string; resource?: string }, after?: number) =>
        store.read(async (tx) =>
          (await tx.listAuditEvents(TENANT, filter, { limit: 3, after })).map((e) => e.sequence),
        );
      expect(await list({})).toEqual([12, 11, 10]);
      expect(await list({}, 3)).toEqual([2, 1]);
      expect(await list({ action: 'secret.add' }, 11)).toEqual([10, 8, 6]);
      expect(await list({ resource: 'X' })).toEqual([12, 9, 6]);
      expect(await list({ action: 'secret.add', resource: 'X' })).toEqual([12, 6]);
      const [event] = await store.read((tx) => tx.listAuditEvents(TENANT, {}, { limit: 1, after: 7 }));
      expect(event).toMatchObject({ allowed: false, sequence: 6 });
    });
  });
}
