/** Asks before a secret is deleted, and names whom it concerns. */

import { useMutation, useQuery } from '@connectrpc/connect-query';
import { useState } from 'react';
import {
  SecretsService,
  type DeleteSecretResponse,
  type SecretName,
} from '../../../gen/axiom/secrets/v1/secrets_pb';
import { useRefresh } from '../connection';
import { failureText } from '../failure';
import { Dialog, DialogActions } from '../ui/dialog';
import { Loading } from '../ui/listing';
import { ErrorNotice } from '../ui/notice';

interface DeleteSecretDialogProps {
  readonly secret: SecretName;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
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
      onDeleted();
      void refresh();
    },
    onError: () => void refresh(),
  });
  return (
    <Dialog title={`Delete ${name}?`} onClose={onClose}>
      <div className="stack">
        <p>It is deleted at once: the next execution no longer sees it. The value cannot be brought back.</p>
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
        {deletion.error && <ErrorNotice text={failureText(deletion.error)} />}
        <DialogActions>
          <button type="button" className="button" data-autofocus="" onClick={onClose}>
            Cancel
          </button>
          <button
            type="button"
            className="button danger"
            disabled={deletion.isPending || concerned.isPending}
            onClick={() => deletion.mutate({ name, etag, revokeRunning: revokesRunning })}
          >
            {deletion.isPending ? 'Deleting…' : 'Delete secret'}
          </button>
        </DialogActions>
      </div>
    </Dialog>
  );
}

function Concerned({
  answer: { overridingConfigs, declaringPackages },
}: {
  readonly answer: DeleteSecretResponse;
}) {
  if (overridingConfigs.length + declaringPackages.length === 0) {
    return <p>No flow config overrides it, and no package that you can see declares it.</p>;
  }
  return (
    <>
      {declaringPackages.length > 0 && (
        <div>
          <p>These packages declare that they read it. Their nodes will be told that it is not found:</p>
          <ul className="names">
            {declaringPackages.map((one) => (
              <li key={one}>
                <code>{one}</code>
              </li>
            ))}
          </ul>
        </div>
      )}
      {overridingConfigs.length > 0 && (
        <div>
          <p>These flow configs have a value of their own for it, which stays:</p>
          <ul className="names">
            {overridingConfigs.map(({ configId, flowId, profileName }) => (
              <li key={configId}>
                <code>{flowId}</code>, profile <code>{profileName}</code>
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
