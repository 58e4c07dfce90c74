/** The Sessions page: where the console is open, one's own and, for admins, everybody's; any of them can be ended. */

import { useQuery } from '@connectrpc/connect-query';
import { useMemo, useState } from 'react';
import { AccessService, type Session } from '../../../gen/axiom/access/v1/access_pb';
import { useIsAdmin } from '../session/use-session';
import { DoneNotice, type Done } from '../ui/done';
import { Empty, Listing } from '../ui/listing';
import { PageHeader } from '../ui/page-header';
import { Table } from '../ui/table';
import { When } from '../ui/when';
import { WholeName } from '../ui/whole-name';
import { EndSessionDialog } from './end-session-dialog';

export function SessionsPage() {
  const isAdmin = useIsAdmin();
  const query = useQuery(AccessService.method.listSessions, { allPrincipals: isAdmin });
  const [ending, setEnding] = useState<Session>();
  const [done, setDone] = useState<Done>();
  return (
    <>
      <PageHeader
        title="Sessions"
        lead={
          isAdmin
            ? 'Where your tenant’s people are logged in to the console. A session ends an hour after its last use.'
            : 'Where you are logged in to the console. A session ends an hour after its last use.'
        }
      />
      <DoneNotice done={done} />
      <Listing
        query={query}
        rows={query.data?.sessions}
        what="sessions"
        empty={<Empty title="Nobody is logged in." />}
      >
        {(sessions) => <SessionsTable sessions={sessions} onEnd={setEnding} />}
      </Listing>
      {ending && (
        <EndSessionDialog
          session={ending}
          onClose={() => setEnding(undefined)}
          onEnded={() => {
            setEnding(undefined);
            setDone({ text: `${ending.displayName}’s session was ended.` });
          }}
        />
      )}
    </>
  );
}

const COLUMNS = [
  {
    title: 'Who',
    isHead: true,
    cell: ({ displayName, isCurrent }: Session) => (
      <span className="with-badge">
        <WholeName name={displayName} isPlain /> {isCurrent && <span className="badge">this session</span>}
      </span>
    ),
  },
  {
    title: 'Logged in',
    width: 164,
    cell: ({ createTime }: Session) => <When time={createTime} />,
  },
  {
    title: 'Last used',
    width: 164,
    cell: ({ lastUseTime }: Session) => <When time={lastUseTime} />,
  },
];

interface SessionsTableProps {
  readonly sessions: readonly Session[];
  readonly onEnd: (session: Session) => void;
}

function SessionsTable({ sessions, onEnd }: SessionsTableProps) {
  const columns = useMemo(
    () => [
      ...COLUMNS,
      {
        title: 'Actions',
        isActions: true,
        width: 104,
        cell: (session: Session) => (
          <button
            type="button"
            className="button small"
            aria-label={`End the session of ${session.displayName}`}
            onClick={() => onEnd(session)}
          >
            End
          </button>
        ),
      },
    ],
    [onEnd],
  );
  return <Table label="Sessions" columns={columns} rows={sessions} keyOf={({ sessionId }) => sessionId} />;
}
