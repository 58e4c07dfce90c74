/** The audit log, newest first, for admins. */

import { useInfiniteQuery } from '@connectrpc/connect-query';
import { useDeferredValue, useState } from 'react';
import { AuditService, type AuditEvent } from '../../../gen/axiom/audit/v1/audit_pb';
import { AdminsOnly } from '../shell/admins-only';
import { Empty, Listing } from '../ui/listing';
import { PageHeader } from '../ui/page-header';
import { PAGING } from '../ui/paging';
import { ShowMore } from '../ui/show-more';
import { Table } from '../ui/table';
import { When } from '../ui/when';

export function AuditPage() {
  return (
    <AdminsOnly title="Audit log">
      <AuditLog />
    </AdminsOnly>
  );
}

function AuditLog() {
  const [resource, setResource] = useState('');
  const wanted = useDeferredValue(resource.trim());
  const query = useInfiniteQuery(AuditService.method.listAuditEvents, { pageSize: 50, pageToken: '', resource: wanted }, PAGING);
  const empty = <Empty title={wanted === '' ? 'Nothing has happened yet.' : `Nothing was done to “${wanted}”.`} />;
  return (
    <>
      <PageHeader title="Audit log" lead="Who did what, when, and whether it was allowed. Each event is chained to the one before it." />
      <input
        type="search"
        className="filter"
        aria-label="Only what was done to"
        placeholder="Only what was done to a secret, key or config"
        autoComplete="off"
        spellCheck={false}
        value={resource}
        onChange={(event) => setResource(event.target.value)}
      />
      <Listing query={query} rows={query.data?.pages.flatMap(({ events }) => events)} what="events" empty={empty}>
        {(rows) => <Table label="Audit log" columns={COLUMNS} rows={rows} keyOf={({ sequence }) => String(sequence)} />}
      </Listing>
      <ShowMore query={query} label="Show older events" />
    </>
  );
}

const COLUMNS = [
  {
    title: 'Action',
    isHead: true,
    cell: ({ action, count }: AuditEvent) => (
      <>
        <code>{action}</code>
        {count > 1 && <span className="cell-note"> × {count}</span>}
      </>
    ),
  },
  { title: 'Time', cell: ({ time }: AuditEvent) => <When time={time} /> },
  {
    title: 'To',
    cell: ({ resource, scope, node }: AuditEvent) => (
      <>
        <code>{resource}</code>
        <p className="cell-note">{[scope, node].filter(Boolean).join(', ')}</p>
      </>
    ),
  },
  {
    title: 'By',
    cell: ({ principal, door }: AuditEvent) => (
      <>
        <code>{principal}</code>
        <p className="cell-note">{door} door</p>
      </>
    ),
  },
  {
    title: 'Outcome',
    cell: (event: AuditEvent) => <Outcome event={event} />,
  },
];

function Outcome({ event: { allowed, status } }: { readonly event: AuditEvent }) {
  return <span className={allowed && status === 'OK' ? 'badge good' : 'badge warn'}>{allowed ? status : 'denied'}</span>;
}
