/** The Secrets page: names and the dates they were added. */

import { memo, useLayoutEffect, useMemo, useState } from 'react';
import { useSearchParams } from 'wouter';
import type { SecretName } from '../../../gen/axiom/secrets/v1/secrets_pb';
import { useMayEdit } from '../session/use-session';
import { DoneNotice, type Done } from '../ui/done';
import { Filtered } from '../ui/filtered';
import { PlusIcon, TrashIcon } from '../ui/icons';
import { Empty, Listing } from '../ui/listing';
import { PageHeader } from '../ui/page-header';
import { Table } from '../ui/table';
import { useDeletedRows } from '../ui/use-deleted-rows';
import type { Reveal } from '../ui/use-reveal';
import { When } from '../ui/when';
import { WholeName } from '../ui/whole-name';
import { AddSecretDialog } from './add-secret-dialog';
import { DeleteSecretDialog } from './delete-secret-dialog';
import { useSecretNames } from './use-secret-names';

export function SecretsPage() {
  const mayEdit = useMayEdit();
  const names = useSecretNames();
  const { left, leaveOut } = useDeletedRows(names.data?.secrets, versionOf);
  const [adding, setAdding] = useNameToAdd();
  const [deleting, setDeleting] = useState<SecretName>();
  const [done, setDone] = useState<Done>();
  const [saved, setSaved] = useState<Reveal>();

  // As it is there now, so that a change that somebody else made meanwhile can be looked at and confirmed anew.
  const toDelete = names.data?.secrets.find(({ name }) => name === deleting?.name) ?? deleting;
  const startDeleting = useMemo(
    () =>
      mayEdit
        ? (secret: SecretName) => {
            setDone(undefined);
            setDeleting(secret);
          }
        : undefined,
    [mayEdit],
  );

  const addButton = mayEdit && (
    <button
      type="button"
      className="button primary"
      onClick={() => {
        setDone(undefined);
        setAdding('');
      }}
    >
      <PlusIcon />
      <span>Add secret</span>
    </button>
  );
  return (
    <>
      <PageHeader
        title="Secrets"
        lead="Every node in every flow of your tenant can read these by name. Values are encrypted and never shown again."
        action={addButton}
      />
      <DoneNotice done={done} />
      <SecretsListing
        error={names.error}
        refetch={names.refetch}
        rows={left}
        mayEdit={mayEdit}
        saved={saved}
        onDelete={startDeleting}
      />
      {mayEdit && adding !== undefined && (
        <AddSecretDialog
          initialName={adding}
          known={left ?? []}
          onClose={() => setAdding(undefined)}
          onSaved={(name, how) => {
            setAdding(undefined);
            setSaved({ key: name });
            setDone({ text: `${name} was ${how}. Its value is never shown again.` });
          }}
        />
      )}
      {deleting !== undefined && toDelete !== undefined && (
        <DeleteSecretDialog
          secret={toDelete}
          onClose={() => setDeleting(undefined)}
          onDeleted={(how) => {
            leaveOut(toDelete);
            setDone({ text: `${deleting.name} ${how}. The next execution no longer sees it.` });
            setDeleting(undefined);
          }}
        />
      )}
    </>
  );
}

const versionOf = ({ name, etag }: SecretName) => `${name} ${etag}`;

/** The dialog is open where there is a name, also one that another page's link brought as `?name=`. */
function useNameToAdd(): [string | undefined, (name: string | undefined) => void] {
  const [params, setParams] = useSearchParams();
  const linked = params.get('name') ?? undefined;
  const [adding, setAdding] = useState(linked);
  // The link was followed: neither Back nor a reload follows it once more.
  useLayoutEffect(() => {
    if (linked !== undefined) setParams({}, { replace: true });
  }, [linked, setParams]);
  return [adding, setAdding];
}

interface SecretsListingProps {
  readonly error: unknown;
  readonly refetch: () => unknown;
  readonly rows: readonly SecretName[] | undefined;
  readonly mayEdit: boolean;
  readonly saved: Reveal | undefined;
  readonly onDelete: ((secret: SecretName) => void) | undefined;
}

/** Is not rendered anew when a dialog opens or closes over it. */
const SecretsListing = memo(function SecretsListing({
  error,
  refetch,
  rows,
  mayEdit,
  saved,
  onDelete,
}: SecretsListingProps) {
  return (
    <Listing query={{ error, refetch }} rows={rows} what="secrets" empty={<NoSecrets mayEdit={mayEdit} />}>
      {(shown) => <SecretsTable rows={shown} saved={saved} onDelete={onDelete} />}
    </Listing>
  );
});

interface SecretsTableProps {
  readonly rows: readonly SecretName[];
  readonly saved: Reveal | undefined;
  readonly onDelete: ((secret: SecretName) => void) | undefined;
}

const COLUMNS = [
  { title: 'Name', isHead: true, cell: ({ name }: SecretName) => <WholeName name={name} /> },
  {
    title: 'Date added',
    width: 150,
    cell: ({ createTime }: SecretName) => <When time={createTime} to="day" />,
  },
];

function SecretsTable({ rows, saved, onDelete }: SecretsTableProps) {
  const columns = useMemo(
    () =>
      onDelete === undefined
        ? COLUMNS
        : [
            ...COLUMNS,
            {
              title: 'Actions',
              isActions: true,
              width: 72,
              cell: (secret: SecretName) => <DeleteButton secret={secret} onDelete={onDelete} />,
            },
          ],
    [onDelete],
  );
  return (
    <Filtered rows={rows} one="a secret" many="secrets" mustShow={saved}>
      {(wanted) => (
        <Table label="Secrets" columns={columns} rows={wanted} keyOf={({ name }) => name} reveal={saved} />
      )}
    </Filtered>
  );
}

interface DeleteButtonProps {
  readonly secret: SecretName;
  readonly onDelete: (secret: SecretName) => void;
}

function DeleteButton({ secret, onDelete }: DeleteButtonProps) {
  return (
    <button
      type="button"
      className="button icon-only danger-hover"
      aria-label={`Delete ${secret.name}`}
      title="Delete"
      onClick={() => onDelete(secret)}
    >
      <TrashIcon />
    </button>
  );
}

function NoSecrets({ mayEdit }: { readonly mayEdit: boolean }) {
  return (
    <Empty title="No secrets yet.">
      <p>
        {mayEdit ? 'Add one, then' : 'Once an editor of your tenant has added one,'} read it in a node with{' '}
        <code translate="no">ax.secrets.get("NAME")</code>.
      </p>
    </Empty>
  );
}
