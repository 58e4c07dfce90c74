/** For each secret, its last read. */

import { useQuery } from '@connectrpc/connect-query';
import { UsageService, type SecretUsage } from '../../../gen/axiom/usage/v1/usage_pb';
import { Filtered } from '../ui/filtered';
import { Empty, Listing } from '../ui/listing';
import { Table } from '../ui/table';
import { When } from '../ui/when';
import { Count } from './count';
import { Reader } from './reader';

const COLUMNS = [
  { title: 'Name', isHead: true, cell: ({ name }: SecretUsage) => <code>{name}</code> },
  { title: 'Last read', cell: ({ lastReadTime }: SecretUsage) => <When time={lastReadTime} none="Never" /> },
  { title: 'By', cell: (usage: SecretUsage) => <Reader {...usage} /> },
  { title: 'Reads', cell: ({ readCount }: SecretUsage) => <Count of={readCount} /> },
];

export function Reads({ unreadDays }: { readonly unreadDays: number }) {
  // A tenant has at most 1,000 secrets, so one page is all of them.
  const query = useQuery(UsageService.method.listSecretUsage, { pageSize: 1_000, unreadDays });
  const empty = (
    <Empty title={unreadDays === 0 ? 'No secrets yet.' : 'Every secret has been read in that time.'} />
  );
  return (
    <Listing query={query} rows={query.data?.secrets} what="reads" empty={empty}>
      {(rows) => (
        <Filtered rows={rows} one="a secret" many="secrets">
          {(wanted) => <Table label="Reads" columns={COLUMNS} rows={wanted} keyOf={({ name }) => name} />}
        </Filtered>
      )}
    </Listing>
  );
}
