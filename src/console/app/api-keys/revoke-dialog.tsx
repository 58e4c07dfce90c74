/** Asks before an API key is revoked, and louder before one that somebody would lock themselves out with. */

import { useMutation } from '@connectrpc/connect-query';
import { useState } from 'react';
import { AccessService, type ApiKey } from '../../../gen/axiom/access/v1/access_pb';
import { useRefresh } from '../connection';
import { ConfirmDialog } from '../ui/confirm-dialog';
import { Notice } from '../ui/notice';
import type { KeyStanding } from './key-standing';

interface RevokeDialogProps {
  readonly apiKey: ApiKey;
  readonly standing: KeyStanding;
  readonly onClose: () => void;
  readonly onRevoked: () => void;
}

export function RevokeDialog({
  apiKey: { keyId, displayName, maskedKey },
  standing,
  onClose,
  onRevoked,
}: RevokeDialogProps) {
  const refresh = useRefresh();
  const [isUnderstood, setUnderstood] = useState(false);
  const revocation = useMutation(AccessService.method.revokeApiKey, {
    onSuccess() {
      onRevoked();
      void refresh();
    },
  });
  const needsMore = standing.isOwn || standing.isLastAdmin;
  return (
    <ConfirmDialog
      title={`Revoke ${displayName}?`}
      action={{ label: 'Revoke key', busy: 'Revoking…' }}
      isBusy={revocation.isPending}
      isReady={!needsMore || isUnderstood}
      error={revocation.error}
      onConfirm={() => revocation.mutate({ keyId, allowLockout: isUnderstood })}
      onClose={onClose}
    >
      <p>
        <code translate="no">{maskedKey}</code> stops working at once, and so does every console session that
        was opened with it. This cannot be undone.
      </p>
      {needsMore && (
        <Notice tone="warning">
          {standing.isOwn && <p>You are logged in with this key: you will be logged out at once.</p>}
          {standing.isLastAdmin && (
            <p>
              It is the last admin key of your tenant. Without one nobody can make keys or read the audit log,
              and only the service’s operator can make another.
            </p>
          )}
          <label className="check">
            <input
              type="checkbox"
              checked={isUnderstood}
              onChange={(event) => setUnderstood(event.target.checked)}
            />
            {standing.isLastAdmin
              ? 'I understand, revoke the last admin key'
              : 'I understand, revoke the key that I am using'}
          </label>
        </Notice>
      )}
    </ConfirmDialog>
  );
}
