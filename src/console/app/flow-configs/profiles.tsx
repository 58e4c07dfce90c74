/** The profiles of one flow: what each sets, and the names that it overrides. */

import { useInfiniteQuery } from '@connectrpc/connect-query';
import { useCallback, useMemo, useState } from 'react';
import { FlowConfigsService, type FlowConfig } from '../../../gen/axiom/flowconfigs/v1/flow_configs_pb';
import { useMayEdit } from '../session/use-session';
import { CopyButton } from '../ui/copy-button';
import { DoneNotice, type Done } from '../ui/done';
import { TrashIcon } from '../ui/icons';
import { Empty, Listing } from '../ui/listing';
import { PAGING } from '../ui/paging';
import { ShowMore } from '../ui/show-more';
import { SomeNames } from '../ui/some-names';
import { Table } from '../ui/table';
import { useDeletedRows } from '../ui/use-deleted-rows';
import type { Reveal } from '../ui/use-reveal';
import { When } from '../ui/when';
import { WholeName } from '../ui/whole-name';
import { Words } from '../ui/words';
import { DeleteProfileDialog } from './delete-profile-dialog';
import { secondsOf } from './node-timeout';
import { ProfileDialog } from './profile-dialog';

const idOf = ({ configId }: FlowConfig) => configId;

export function Profiles({ flowId }: { readonly flowId: string }) {
  const mayEdit = useMayEdit();
  const query = useInfiniteQuery(
    FlowConfigsService.method.listFlowConfigs,
    { flowId, pageSize: 200, pageToken: '' },
    PAGING,
  );
  const pages = query.data?.pages;
  const listed = useMemo(() => pages?.flatMap(({ flowConfigs }) => flowConfigs), [pages]);
  const { left: profiles, leaveOut } = useDeletedRows(listed, idOf);
  const [editing, setEditing] = useState<FlowConfig | 'new'>();
  const [deleting, setDeleting] = useState<FlowConfig>();
  // As it is there now, so that a change that somebody else made meanwhile can be looked at and confirmed anew.
  const toDelete = profiles?.find(({ configId }) => configId === deleting?.configId) ?? deleting;
  const [done, setDone] = useState<Done>();
  const [saved, setSaved] = useState<Reveal>();
  const startEditing = useCallback((config: FlowConfig | 'new') => {
    setDone(undefined);
    setEditing(config);
  }, []);
  const startDeleting = useCallback((config: FlowConfig) => {
    setDone(undefined);
    setDeleting(config);
  }, []);
  return (
    <section className="section" aria-labelledby="profiles-title">
      <div className="section-header">
        <h2 id="profiles-title">
          Profiles of <code translate="no">{flowId}</code>
        </h2>
        {mayEdit && (
          <button type="button" className="button primary" onClick={() => startEditing('new')}>
            + New profile
          </button>
        )}
      </div>
      <DoneNotice done={done} />
      <Listing query={query} rows={profiles} what="profiles" empty={<NoProfiles />}>
        {(rows) => (
          <ProfilesTable
            rows={rows}
            saved={saved}
            onEdit={mayEdit ? startEditing : undefined}
            onDelete={mayEdit ? startDeleting : undefined}
          />
        )}
      </Listing>
      <ShowMore query={query} label="Show more profiles" />
      {editing !== undefined && (
        <ProfileDialog
          flowId={flowId}
          config={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
          onSaved={({ profileName, configId }) => {
            setEditing(undefined);
            setSaved({ key: configId });
            setDone({ text: `Profile ${profileName} was saved. It applies from the next run on.` });
          }}
        />
      )}
      {deleting !== undefined && toDelete !== undefined && (
        <DeleteProfileDialog
          config={toDelete}
          onClose={() => setDeleting(undefined)}
          onDeleted={(how) => {
            leaveOut(toDelete);
            setDone({ text: `Profile ${deleting.profileName} ${how}.` });
            setDeleting(undefined);
          }}
        />
      )}
    </section>
  );
}

interface ProfilesTableProps {
  readonly rows: readonly FlowConfig[];
  readonly saved: Reveal | undefined;
  readonly onEdit: ((config: FlowConfig) => void) | undefined;
  readonly onDelete: ((config: FlowConfig) => void) | undefined;
}

const COLUMNS = [
  {
    title: 'Profile',
    isHead: true,
    cell: ({ profileName, configId }: FlowConfig) => (
      <>
        <WholeName name={profileName} />
        <div className="cell-note config-id">
          <code className="clamped-1" title={`config_id ${configId}`} translate="no">
            {configId}
          </code>
          <CopyButton isSmall label={`Copy the config_id of ${profileName}`} text={configId} />
        </div>
      </>
    ),
  },
  {
    title: 'Node timeout',
    width: 136,
    cell: ({ nodeTimeout }: FlowConfig) => (
      <Words className="whole" text={nodeTimeout ? `${secondsOf(nodeTimeout)} s` : 'Tenant default'} />
    ),
  },
  {
    title: 'Secret overrides',
    width: 252,
    cell: ({ overrides }: FlowConfig) =>
      overrides.length === 0 ? 'None' : <SomeNames label="Secret overrides" names={overrides} />,
  },
  { title: 'Changed', width: 164, cell: ({ updateTime }: FlowConfig) => <When time={updateTime} /> },
];

function ProfilesTable({ rows, saved, onEdit, onDelete }: ProfilesTableProps) {
  const columns = useMemo(
    () =>
      onEdit === undefined || onDelete === undefined
        ? COLUMNS
        : [
            ...COLUMNS,
            {
              title: 'Actions',
              isActions: true,
              width: 132,
              cell: (config: FlowConfig) => (
                <ProfileActions config={config} onEdit={onEdit} onDelete={onDelete} />
              ),
            },
          ],
    [onEdit, onDelete],
  );
  return (
    <Table label="Profiles" columns={columns} rows={rows} keyOf={({ configId }) => configId} reveal={saved} />
  );
}

interface ProfileActionsProps {
  readonly config: FlowConfig;
  readonly onEdit: (config: FlowConfig) => void;
  readonly onDelete: (config: FlowConfig) => void;
}

function ProfileActions({ config, onEdit, onDelete }: ProfileActionsProps) {
  return (
    <>
      <button
        type="button"
        className="button small"
        aria-label={`Edit ${config.profileName}`}
        onClick={() => onEdit(config)}
      >
        Edit
      </button>
      <button
        type="button"
        className="button icon-only danger-hover"
        aria-label={`Delete ${config.profileName}`}
        title="Delete"
        onClick={() => onDelete(config)}
      >
        <TrashIcon />
      </button>
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
