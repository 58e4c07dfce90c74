/** The profiles of one flow: what each sets, and the names that it overrides. */

import { useInfiniteQuery } from '@connectrpc/connect-query';
import { useState } from 'react';
import { FlowConfigsService, type FlowConfig } from '../../../gen/axiom/flowconfigs/v1/flow_configs_pb';
import { useMayEdit } from '../session/use-session';
import { DoneNotice, type Done } from '../ui/done';
import { TrashIcon } from '../ui/icons';
import { Empty, Listing } from '../ui/listing';
import { PAGING } from '../ui/paging';
import { ShowMore } from '../ui/show-more';
import { Table } from '../ui/table';
import { When } from '../ui/when';
import { DeleteProfileDialog } from './delete-profile-dialog';
import { secondsOf } from './node-timeout';
import { ProfileDialog } from './profile-dialog';

/** A profile may override 1,000 names; its row shows so many until it is asked for more. */
const FIRST_NAMES = 8;

export function Profiles({ flowId }: { readonly flowId: string }) {
  const mayEdit = useMayEdit();
  const query = useInfiniteQuery(
    FlowConfigsService.method.listFlowConfigs,
    { flowId, pageSize: 200, pageToken: '' },
    PAGING,
  );
  const profiles = query.data?.pages.flatMap(({ flowConfigs }) => flowConfigs);
  const [editing, setEditing] = useState<FlowConfig | 'new'>();
  const [deleting, setDeleting] = useState<FlowConfig>();
  // As it stands now, so that a change that somebody else made meanwhile can be looked at and confirmed anew.
  const toDelete = profiles?.find(({ configId }) => configId === deleting?.configId) ?? deleting;
  const [done, setDone] = useState<Done>();
  return (
    <section className="section" aria-labelledby="profiles-title">
      <div className="section-header">
        <h2 id="profiles-title">
          Profiles of <code>{flowId}</code>
        </h2>
        {mayEdit && (
          <button type="button" className="button primary" onClick={() => setEditing('new')}>
            + New profile
          </button>
        )}
      </div>
      <DoneNotice done={done} />
      <Listing query={query} rows={profiles} what="profiles" empty={<NoProfiles />}>
        {(rows) => (
          <ProfilesTable
            rows={rows}
            onEdit={mayEdit ? setEditing : undefined}
            onDelete={mayEdit ? setDeleting : undefined}
          />
        )}
      </Listing>
      <ShowMore query={query} label="Show more profiles" />
      {editing !== undefined && (
        <ProfileDialog
          flowId={flowId}
          config={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
          onSaved={(name) => {
            setEditing(undefined);
            setDone({ text: `Profile ${name} was saved. It applies from the next run on.` });
          }}
        />
      )}
      {deleting !== undefined && toDelete !== undefined && (
        <DeleteProfileDialog
          config={toDelete}
          onClose={() => setDeleting(undefined)}
          onDeleted={(how) => {
            setDone({ text: `Profile ${deleting.profileName} ${how}.`, losesFocus: true });
            setDeleting(undefined);
          }}
        />
      )}
    </section>
  );
}

interface ProfilesTableProps {
  readonly rows: readonly FlowConfig[];
  readonly onEdit: ((config: FlowConfig) => void) | undefined;
  readonly onDelete: ((config: FlowConfig) => void) | undefined;
}

function ProfilesTable({ rows, onEdit, onDelete }: ProfilesTableProps) {
  const columns = [
    { title: 'Profile', isHead: true, cell: ({ profileName }: FlowConfig) => <code>{profileName}</code> },
    {
      title: 'Node timeout',
      cell: ({ nodeTimeout }: FlowConfig) => (
        <span className="whole">{nodeTimeout ? `${secondsOf(nodeTimeout)} s` : 'Tenant default'}</span>
      ),
    },
    {
      title: 'Secret overrides',
      cell: ({ overrides }: FlowConfig) => <OverrideNames names={overrides.map(({ name }) => name)} />,
    },
    { title: 'Changed', cell: ({ updateTime }: FlowConfig) => <When time={updateTime} /> },
  ];
  const actions = {
    title: 'Actions',
    isActions: true,
    cell: (config: FlowConfig) => (
      <>
        <button
          type="button"
          className="button small"
          aria-label={`Edit ${config.profileName}`}
          onClick={() => onEdit?.(config)}
        >
          Edit
        </button>
        <button
          type="button"
          className="button icon-only"
          aria-label={`Delete ${config.profileName}`}
          title="Delete"
          onClick={() => onDelete?.(config)}
        >
          <TrashIcon />
        </button>
      </>
    ),
  };
  return (
    <Table
      label="Profiles"
      columns={onEdit ? [...columns, actions] : columns}
      rows={rows}
      keyOf={({ configId }) => configId}
    />
  );
}

function OverrideNames({ names }: { readonly names: readonly string[] }) {
  const [isWhole, setWhole] = useState(false);
  if (names.length === 0) return <>None</>;
  const shown = isWhole ? names : names.slice(0, FIRST_NAMES);
  return (
    <>
      <ul className="chips">
        {shown.map((name) => (
          <li key={name}>
            <code>{name}</code>
          </li>
        ))}
      </ul>
      {names.length > FIRST_NAMES && (
        <button
          type="button"
          className="button small quiet"
          aria-expanded={isWhole}
          onClick={() => setWhole(!isWhole)}
        >
          {isWhole ? 'Show fewer' : `Show all ${names.length}`}
        </button>
      )}
    </>
  );
}

function NoProfiles() {
  return (
    <Empty title="No profiles for this flow yet.">
      <p>
        The profile named <code>default</code> applies whenever a run names no other.
      </p>
    </Empty>
  );
}
