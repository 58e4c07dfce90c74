/** Asks before a session is ended. */

import { useMutation } from '@connectrpc/connect-query';
import { AccessService, type Session } from '../../../gen/axiom/access/v1/access_pb';
import { leave, useRefresh } from '../connection';
import { useSession } from '../session/use-session';
import { ConfirmDialog } from '../ui/confirm-dialog';

interface EndSessionDialogProps {
  readonly session: Session;
  readonly onClose: () => void;
  readonly onEnded: () => void;
}

export function EndSessionDialog({ session, onClose, onEnded }: EndSessionDialogProps) {
  const own = useSession();
  const refresh = useRefresh();
  const end = useMutation(AccessService.method.endSessions, {
    onSuccess() {
      if (session.isCurrent) return leave(own);
      onEnded();
      void refresh();
    },
  });
  return (
    <ConfirmDialog
      title={`End the session of ${session.displayName}?`}
      action={{ label: 'End session', busy: 'Ending…' }}
      isBusy={end.isPending}
      error={end.error}
      onConfirm={() => end.mutate({ sessionId: session.sessionId })}
      onClose={onClose}
    >
      <p>
        {session.isCurrent
          ? 'This is the session that you are in: you will be logged out at once.'
          : 'Whoever is in it is logged out at once. Their key, or their account, can log in again.'}
      </p>
    </ConfirmDialog>
  );
}
