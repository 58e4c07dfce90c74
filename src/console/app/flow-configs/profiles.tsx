/** The profiles of one flow: what each sets, and the names that it overrides. */

import { useQuery } from '@connectrpc/connect-query';
import { useState } from 'react';
import { FlowConfigsService, type FlowConfig } from '../../../gen/axiom/flowconfigs/v1/flow_configs_pb';
import { useMayEdit } from '../session/use-session';
import { DoneNotice, type Done } from '../ui/done';
import { TrashIcon } from '../ui/icons';
import { Empty, Listing } from '../ui/listing';
import { Table } from '../ui/table';
import { When } from '../ui/when';
import { DeleteProfileDialog } from './delete-profile-dialog';
import { secondsOf } from './node-timeout';
import { ProfileDialog } from './profile-dialog';

export function Profiles({ flowId }: { readonly flowId: string }) {
  const mayEdit = useMayEdit();
  // A tenant has at most 1,000 flow configs, so one page is all of a flow's.
  const query = useQuery(FlowConfigsService.method.listFlowConfigs, { flowId, pageSize: 1_000 });
  const [editing, setEditing] = useState<FlowConfig | 'new'>();
  const [deleting, setDeleting] = useState<FlowConfig>();
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
      <Listing query={query} rows={query.data?.flowConfigs} what="profiles" empty={<NoProfiles />}>
        {(rows) => (
          <ProfilesTable
            rows={rows}
            onEdit={mayEdit ? setEditing : undefined}
            onDelete={mayEdit ? setDeleting : undefined}
          />
        )}
      </Listing>
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
      {deleting !== undefined && (
        <DeleteProfileDialog
          config={deleting}
          onClose={() => setDeleting(undefined)}
          onDeleted={() => {
            setDone({ text: `Profile ${deleting.profileName} was deleted.`, losesFocus: true });
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
      cell: ({ nodeTimeout }: FlowConfig) => (nodeTimeout ? `${secondsOf(nodeTimeout)} s` : 'Tenant default'),
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
  if (names.length === 0) return <>None</>;
  return (
    <ul className="chips">
      {names.map((name) => (
        <li key={name}>
          <code>{name}</code>
        </li>
      ))}
    </ul>
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
