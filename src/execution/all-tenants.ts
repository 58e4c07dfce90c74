/** Every tenant of a store, a page at a time. */

import type { TenantId } from '../domain/ids';
import type { Store } from '../store/store';

const PAGE = 1_000;

export async function* allTenantIds(store: Pick<Store, 'read'>): AsyncGenerator<TenantId> {
  for (let after: TenantId | undefined; ;) {
    const page = await store.read((tx) => tx.listTenants({ limit: PAGE, after }));
    for (const { tenantId } of page) yield tenantId;
    after = page[page.length - 1]?.tenantId;
    if (after === undefined) return;
  }
}
