/** Names that nodes asked for and did not find, with the registered name that may be meant. */

import { useInfiniteQuery } from '@connectrpc/connect-query';
import { UsageService, type MissedRead } from '../../../gen/axiom/usage/v1/usage_pb';
import { isSecretName } from '../name-rules';
import { AddSecretLink } from '../secrets/add-secret-link';
import { useMayEdit } from '../session/use-session';
import { Empty, Listing } from '../ui/listing';
import { PAGING } from '../ui/paging';
import { ShowMore } from '../ui/show-more';
import { Table } from '../ui/table';
import { When } from '../ui/when';
import { Count } from './count';
import { Reader } from './reader';

const COLUMNS = [
  { title: 'Name', isHead: true, cell: (miss: MissedRead) => <MissedName miss={miss} /> },
  { title: 'Last asked for', cell: ({ lastReadTime }: MissedRead) => <When time={lastReadTime} /> },
  { title: 'By', cell: (miss: MissedRead) => <Reader {...miss} /> },
  { title: 'Times', cell: ({ readCount }: MissedRead) => <Count of={readCount} /> },
];

export function Misses() {
  const mayEdit = useMayEdit();
  const query = useInfiniteQuery(
    UsageService.method.listMissedReads,
    { pageSize: 20, pageToken: '' },
    PAGING,
  );
  const actions = {
    title: 'Actions',
    isActions: true,
    cell: ({ name }: MissedRead) =>
      // For what could be no secret's name the service lists a text in its place.
      isSecretName(name) && <AddSecretLink name={name} />,
  };
  return (
    <>
      <Listing
        query={query}
        rows={query.data?.pages.flatMap(({ misses }) => misses)}
        what="missed reads"
        empty={<Empty title="Every name that nodes asked for was found." />}
      >
        {(rows) => (
          <Table
            label="Asked for and not found"
            columns={mayEdit ? [...COLUMNS, actions] : COLUMNS}
            rows={rows}
            keyOf={({ name }) => name}
          />
        )}
      </Listing>
      <ShowMore query={query} label="Show more names" />
    </>
  );
}

function MissedName({ miss: { name, nearestName } }: { readonly miss: MissedRead }) {
  return (
    <>
      <code>{name}</code>
      {nearestName !== '' && (
        <p className="cell-note">
          Is <code>{nearestName}</code> meant?
        </p>
      )}
    </>
  );
}
