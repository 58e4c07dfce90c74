/** The Secrets page: names and the dates they were added. */

import { useState } from 'react';
import { useSearchParams } from 'wouter';
import type { SecretName } from '../../../gen/axiom/secrets/v1/secrets_pb';
import { useMayEdit } from '../session/use-session';
import { DoneNotice, type Done } from '../ui/done';
import { Filtered } from '../ui/filtered';
import { PlusIcon, TrashIcon } from '../ui/icons';
import { Empty, Listing } from '../ui/listing';
import { PageHeader } from '../ui/page-header';
import { Table } from '../ui/table';
import { When } from '../ui/when';
import { AddSecretDialog } from './add-secret-dialog';
import { DeleteSecretDialog } from './delete-secret-dialog';
import { useSecretNames } from './use-secret-names';

export function SecretsPage() {
  const mayEdit = useMayEdit();
  const names = useSecretNames();
  const [adding, setAdding] = useNameToAdd();
  const [deleting, setDeleting] = useState<SecretName>();
  const [done, setDone] = useState<Done>();

  // As it stands now, so that a change that somebody else made meanwhile can be looked at and confirmed anew.
  const toDelete = names.data?.secrets.find(({ name }) => name === deleting?.name) ?? deleting;

  const addButton = mayEdit && (
    <button type="button" className="button primary" onClick={() => setAdding('')}>
      <PlusIcon />
      Add secret
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
      <Listing
        query={names}
        rows={names.data?.secrets}
        what="secrets"
        empty={<NoSecrets mayEdit={mayEdit} />}
      >
        {(rows) => <SecretsTable rows={rows} onDelete={mayEdit ? setDeleting : undefined} />}
      </Listing>
      {mayEdit && adding !== undefined && (
        <AddSecretDialog
          initialName={adding}
          onClose={() => setAdding(undefined)}
          onSaved={(name, how) => {
            setAdding(undefined);
            setDone({ text: `${name} was ${how}. Its value is never shown again.` });
          }}
        />
      )}
      {deleting !== undefined && toDelete !== undefined && (
        <DeleteSecretDialog
          secret={toDelete}
          onClose={() => setDeleting(undefined)}
          onDeleted={(how) => {
            setDone({
              text: `${deleting.name} ${how}. The next execution no longer sees it.`,
              losesFocus: true,
            });
            setDeleting(undefined);
          }}
        />
      )}
    </>
  );
}

/** The dialog is open where there is a name, also one that another page's link brought as `?name=`. */
function useNameToAdd(): [string | undefined, (name: string | undefined) => void] {
  const [params, setParams] = useSearchParams();
  const linked = params.get('name') ?? undefined;
  const [adding, setAdding] = useState(linked);
  return [
    adding,
    (name) => {
      setAdding(name);
      if (linked !== undefined) setParams({}, { replace: true });
    },
  ];
}

interface SecretsTableProps {
  readonly rows: readonly SecretName[];
  readonly onDelete: ((secret: SecretName) => void) | undefined;
}

function SecretsTable({ rows, onDelete }: SecretsTableProps) {
  const columns = [
    { title: 'Name', isHead: true, cell: ({ name }: SecretName) => <code>{name}</code> },
    { title: 'Date added', cell: ({ createTime }: SecretName) => <When time={createTime} to="day" /> },
  ];
  const actions = onDelete && {
    title: 'Actions',
    isActions: true,
    cell: (secret: SecretName) => (
      <button
        type="button"
        className="button icon-only"
        aria-label={`Delete ${secret.name}`}
        title="Delete"
        onClick={() => onDelete(secret)}
      >
        <TrashIcon />
      </button>
    ),
  };
  return (
    <Filtered rows={rows} one="a secret" many="secrets">
      {(wanted) => (
        <Table
          label="Secrets"
          columns={actions ? [...columns, actions] : columns}
          rows={wanted}
          keyOf={({ name }) => name}
        />
      )}
    </Filtered>
  );
}

function NoSecrets({ mayEdit }: { readonly mayEdit: boolean }) {
  return (
    <Empty title="No secrets yet.">
      <p>
        {mayEdit ? 'Add one, then' : 'Once an editor of your tenant has added one,'} read it in a node with{' '}
        <code>ax.secrets.get("NAME")</code>.
      </p>
    </Empty>
  );
}
