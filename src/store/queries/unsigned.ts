/** Rows that are not as this service wrote them, for whoever looks at everything. */

import type { TenantId } from '../../domain/ids';
import { preparedQuery, type Session } from '../prepared';
import type { RowOf } from '../schema';

/** Tables whose rows carry a signature each and belong to a tenant; secrets are looked at with their values. */
const TABLES = ['tenants', 'tenant_keys', 'revocations', 'executions', 'sessions', 'handles'] as const;
type Table = (typeof TABLES)[number];

const selectRows = TABLES.map((table) => ({
  table,
  select: preparedQuery((db, args: { tenantId: string }) =>
    db
      .selectFrom(table as 'tenants')
      .selectAll()
      .where('tenant_id', '=', args.tenantId),
  ),
}));

/** @returns the tables of such rows, one for each. */
async function listUnsigned(session: Session, tenantId: TenantId): Promise<readonly Table[]> {
  const found: Table[] = [];
  for (const { table, select } of selectRows)
    for (const row of await select(session, { tenantId }))
      if (session.signing?.isSigned(table, row as RowOf<typeof table> as never) === false) found.push(table);
  return found;
}

export const reads = { listUnsigned };
