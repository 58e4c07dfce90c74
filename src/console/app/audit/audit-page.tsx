/** The audit log, newest first, for admins. What is searched for is in the address. */

import { useInfiniteQuery } from '@connectrpc/connect-query';
import { AuditService } from '../../../gen/axiom/audit/v1/audit_pb';
import { AdminsOnly } from '../shell/admins-only';
import { Empty, Listing } from '../ui/listing';
import { PageHeader } from '../ui/page-header';
import { PAGING } from '../ui/paging';
import { ShowMore } from '../ui/show-more';
import { AuditFilters } from './audit-filters';
import { useAuditSearch } from './audit-search';
import { EventsTable } from './events-table';

export function AuditPage() {
  return (
    <AdminsOnly title="Audit log">
      <AuditLog />
    </AdminsOnly>
  );
}

function AuditLog() {
  const [search, setSearch, request] = useAuditSearch();
  const query = useInfiniteQuery(
    AuditService.method.searchAuditEvents,
    { ...request, pageSize: 50, pageToken: '' },
    PAGING,
  );
  const isNarrowed = Object.values(search).some((one) => one !== '');
  const empty = !isNarrowed
    ? 'Nothing has happened yet.'
    : query.hasNextPage
      ? 'Nothing like it among the newest events.'
      : 'Nothing like it has happened.';
  return (
    <>
      <PageHeader
        title="Audit log"
        lead="Who did what, when, and whether it was allowed. Each event is chained to the one before it."
      />
      <AuditFilters search={search} onSearch={setSearch} />
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
