/** The audit log, newest first, for admins. */

import { useInfiniteQuery } from '@connectrpc/connect-query';
import { useState } from 'react';
import { AuditService } from '../../../gen/axiom/audit/v1/audit_pb';
import { AdminsOnly } from '../shell/admins-only';
import { Empty, Listing } from '../ui/listing';
import { PageHeader } from '../ui/page-header';
import { PAGING } from '../ui/paging';
import { ShowMore } from '../ui/show-more';
import { EventsTable } from './events-table';

export function AuditPage() {
  return (
    <AdminsOnly title="Audit log">
      <AuditLog />
    </AdminsOnly>
  );
}

function AuditLog() {
  const [resource, setResource] = useState('');
  const query = useInfiniteQuery(
    AuditService.method.listAuditEvents,
    { pageSize: 50, pageToken: '', resource },
    PAGING,
  );
  const empty = resource === '' ? 'Nothing has happened yet.' : `Nothing was done to “${resource}”.`;
  return (
    <>
      <PageHeader
        title="Audit log"
        lead="Who did what, when, and whether it was allowed. Each event is chained to the one before it."
      />
      <Filter onFilter={setResource} />
      <Listing
        query={query}
        rows={query.data?.pages.flatMap(({ events }) => events)}
        what="events"
        empty={<Empty title={empty} />}
      >
        {(events) => <EventsTable events={events} />}
      </Listing>
      <ShowMore query={query} label="Show older events" />
    </>
  );
}

function Filter({ onFilter }: { readonly onFilter: (resource: string) => void }) {
  return (
    <form
      className="filter-form"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onFilter(String(new FormData(event.currentTarget).get('resource')).trim());
      }}
    >
      <input
        type="search"
        name="resource"
        className="filter"
        aria-label="Only what was done to"
        placeholder="A secret’s name, or a key’s or config’s id"
        autoComplete="off"
        spellCheck={false}
      />
      <button type="submit" className="button">
        Find
      </button>
    </form>
  );
}
