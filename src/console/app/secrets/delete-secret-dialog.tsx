/** Asks before a secret is deleted, and names whom it concerns. */

import { Code } from '@connectrpc/connect';
import { useMutation, useQuery } from '@connectrpc/connect-query';
import { useState } from 'react';
import {
  SecretsService,
  type DeleteSecretResponse,
  type SecretName,
} from '../../../gen/axiom/secrets/v1/secrets_pb';
import { useRefresh } from '../connection';
import { failureCode, failureText } from '../failure';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { Loading } from '../ui/listing';
import { Names } from '../ui/names';
import { ErrorNotice } from '../ui/notice';
import { SecretUse } from './secret-use';

interface DeleteSecretDialogProps {
  readonly secret: SecretName;
  readonly onClose: () => void;
  readonly onDeleted: (how: 'was deleted' | 'had been deleted already') => void;
}

export function DeleteSecretDialog({ secret: { name, etag }, onClose, onDeleted }: DeleteSecretDialogProps) {
  const refresh = useRefresh();
  const [revokesRunning, setRevokesRunning] = useState(false);
  const concerned = useQuery(
    SecretsService.method.deleteSecret,
    { name, validateOnly: true },
    { gcTime: 0, staleTime: 0 },
  );
  const deletion = useMutation(SecretsService.method.deleteSecret, {
    onSuccess() {
      onDeleted('was deleted');
      void refresh();
    },
    onError(error) {
      if (failureCode(error) === Code.NotFound) onDeleted('had been deleted already');
      void refresh();
    },
  });
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      action={{ label: 'Delete secret', busy: 'Deleting…' }}
      isBusy={deletion.isPending}
      isReady={!concerned.isPending}
      error={deletion.error}
      onConfirm={() => deletion.mutate({ name, etag, revokeRunning: revokesRunning })}
      onClose={onClose}
    >
      <p>It is deleted at once: the next execution no longer sees it. The value cannot be brought back.</p>
      <SecretUse name={name} />
      {concerned.isPending && <Loading what="whom this concerns" />}
      {concerned.data && <Concerned answer={concerned.data} />}
      {concerned.error && <ErrorNotice text={failureText(concerned.error)} />}
      <label className="check">
        <input
          type="checkbox"
          checked={revokesRunning}
          onChange={(event) => setRevokesRunning(event.target.checked)}
        />
        Also take it from executions that are already running, as for a leaked credential
      </label>
    </ConfirmDialog>
  );
}

function Concerned({
  answer: { overridingConfigs, declaringPackages, declaringPackagesInUse },
}: {
  readonly answer: DeleteSecretResponse;
}) {
  if (overridingConfigs.length + declaringPackages.length === 0) {
    return <p>No flow config overrides it, and no package that you can see declares it.</p>;
  }
  return (
    <>
      {declaringPackagesInUse > 0 && (
        <div>
          <p>
            These packages run in your tenant and declare that they read it. Their nodes will be told that it
            is not found:
          </p>
          <Names
            label="Packages that run here and declare it"
            names={packageNames(declaringPackages.slice(0, declaringPackagesInUse))}
          />
        </div>
      )}
      {declaringPackages.length > declaringPackagesInUse && (
        <div>
          <p>These packages declare it too; no read of theirs has been reported in your tenant:</p>
          <Names
            label="Packages that declare it"
            names={packageNames(declaringPackages.slice(declaringPackagesInUse))}
          />
        </div>
      )}
      {overridingConfigs.length > 0 && (
        <div>
          <p>These flow configs have a value of their own for it, which stays:</p>
          <Names
            label="Flow configs that override it"
            names={overridingConfigs.map(({ configId, flowId, profileName }) => ({
              key: configId,
              text: (
                <>
                  <code translate="no">{flowId}</code>, profile <code translate="no">{profileName}</code>
                </>
              ),
            }))}
          />
        </div>
      )}
    </>
  );
}

function packageNames(packages: readonly string[]) {
  return packages.map((one) => ({ key: one, text: <code translate="no">{one}</code> }));
}
