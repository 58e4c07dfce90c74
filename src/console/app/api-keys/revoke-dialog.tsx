/** Asks before an API key is revoked. */

import { useMutation } from '@connectrpc/connect-query';
import { AccessService, type ApiKey } from '../../../gen/axiom/access/v1/access_pb';
import { useRefresh } from '../connection';
import { ConfirmDialog } from '../ui/confirm-dialog';

interface RevokeDialogProps {
  readonly apiKey: ApiKey;
  readonly onClose: () => void;
  readonly onRevoked: () => void;
}

export function RevokeDialog({
  apiKey: { keyId, displayName, maskedKey },
  onClose,
  onRevoked,
}: RevokeDialogProps) {
  const refresh = useRefresh();
  const revocation = useMutation(AccessService.method.revokeApiKey, {
    onSuccess() {
      onRevoked();
      void refresh();
    },
  });
  return (
    <ConfirmDialog
      title={`Revoke ${displayName}?`}
      action={{ label: 'Revoke key', busy: 'Revoking…' }}
      isBusy={revocation.isPending}
      error={revocation.error}
      onConfirm={() => revocation.mutate({ keyId })}
      onClose={onClose}
    >
      <p>
        <code>{maskedKey}</code> stops working at once, and so does every console session that was opened with
        it. This cannot be undone.
      </p>
    </ConfirmDialog>
  );
}
