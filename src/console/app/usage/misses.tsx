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
import { WholeName } from '../ui/whole-name';
import { Count } from './count';
import { Reader } from './reader';
import { useSecretUsage } from './use-secret-usage';

/** What can truly be said where no miss is known: where nothing ran, nothing was found either. */
function NoMisses() {
  const usage = useSecretUsage();
  const hasReads = usage.data?.secrets.some(({ readCount }) => readCount > 0n) === true;
  return (
    <Empty title={hasReads ? 'No name that nodes asked for is missing.' : 'No read has been reported yet.'}>
      <p>Names that nodes ask for and do not find will be listed here.</p>
    </Empty>
  );
}

const COLUMNS = [
  { title: 'Name', isHead: true, cell: (miss: MissedRead) => <MissedName miss={miss} /> },
  {
    title: 'Last asked for',
    width: 168,
    cell: ({ lastReadTime }: MissedRead) => <When time={lastReadTime} />,
  },
  { title: 'By', width: 220, cell: (miss: MissedRead) => <Reader {...miss} /> },
  { title: 'Times', width: 88, cell: ({ readCount }: MissedRead) => <Count of={readCount} /> },
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
    width: 136,
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
        empty={<NoMisses />}
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
      <WholeName name={name} />
      {nearestName !== '' && (
        <p className="cell-note clamped" title={nearestName}>
          Is <code translate="no">{nearestName}</code> meant?
        </p>
      )}
    </>
  );
}
