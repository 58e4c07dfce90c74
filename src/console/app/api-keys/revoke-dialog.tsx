/** Asks before an API key is revoked. */

import { useMutation } from '@connectrpc/connect-query';
import { AccessService, type ApiKey } from '../../../gen/axiom/access/v1/access_pb';
import { useRefresh } from '../connection';
import { failureText } from '../failure';
import { Dialog, DialogActions } from '../ui/dialog';
import { ErrorNotice } from '../ui/notice';

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
    <Dialog title={`Revoke ${displayName}?`} onClose={onClose}>
      <div className="stack">
        <p>
          <code>{maskedKey}</code> stops working at once, and so does every console session that was opened
          with it. This cannot be undone.
        </p>
        {revocation.error && <ErrorNotice text={failureText(revocation.error)} />}
        <DialogActions>
          <button type="button" className="button" data-autofocus="" onClick={onClose}>
            Cancel
          </button>
          <button
            type="button"
            className="button danger"
            disabled={revocation.isPending}
            onClick={() => revocation.mutate({ keyId })}
          >
            {revocation.isPending ? 'Revoking…' : 'Revoke key'}
          </button>
        </DialogActions>
      </div>
    </Dialog>
  );
}
