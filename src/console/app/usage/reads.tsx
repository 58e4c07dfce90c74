/** For each secret, its last read. */

import { useMemo } from 'react';
import type { SecretUsage } from '../../../gen/axiom/usage/v1/usage_pb';
import { Filtered } from '../ui/filtered';
import { Empty, Listing } from '../ui/listing';
import { Table } from '../ui/table';
import { When } from '../ui/when';
import { WholeName } from '../ui/whole-name';
import { Count } from './count';
import { Reader } from './reader';
import { noneUnreadText, unreadSecrets, type Unread } from './unread';
import { useSecretUsage } from './use-secret-usage';

const COLUMNS = [
  { title: 'Name', isHead: true, cell: ({ name }: SecretUsage) => <WholeName name={name} /> },
  {
    title: 'Last read',
    width: 168,
    cell: ({ lastReadTime }: SecretUsage) => <When time={lastReadTime} none="Never" />,
  },
  { title: 'By', width: 236, cell: (usage: SecretUsage) => <Reader {...usage} /> },
  { title: 'Reads', width: 96, cell: ({ readCount }: SecretUsage) => <Count of={readCount} /> },
];

export function Reads({ unread }: { readonly unread: Unread }) {
  const query = useSecretUsage();
  const all = query.data?.secrets;
  const rows = useMemo(() => all && unreadSecrets(all, unread), [all, unread]);
  const empty = all === undefined || all.length === 0 ? 'No secrets yet.' : noneUnreadText(all, unread);
  return (
    <Listing query={query} rows={rows} what="reads" empty={<Empty title={empty} />}>
      {(some) => (
        <Filtered rows={some} one="a secret" many="secrets">
          {(wanted) => <Table label="Reads" columns={COLUMNS} rows={wanted} keyOf={({ name }) => name} />}
        </Filtered>
      )}
    </Listing>
  );
}
