/** Asks before something that cannot be undone. Nothing happens until the person says so: the focus is on **Cancel**. */

import type { ReactNode } from 'react';
import { failureText } from '../failure';
import { ActionButton } from './action-button';
import { CancelButton, Dialog, DialogActions } from './dialog';
import { ErrorNotice } from './notice';

interface ConfirmDialogProps {
  readonly title: string;
  /** What the button says that does it, and what it says meanwhile. */
  readonly action: { readonly label: string; readonly busy: string };
  readonly isBusy: boolean;
  /** False until the person can know what they confirm. */
  readonly isReady?: boolean;
  /** What the service said to the last attempt. */
  readonly error: unknown;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function ConfirmDialog({
  title,
  action,
  isBusy,
  isReady = true,
  error,
  onConfirm,
  onClose,
  children,
}: ConfirmDialogProps) {
  return (
    <Dialog title={title} onClose={onClose} leaving={isBusy ? 'held' : 'free'}>
      <div className="stack">
        {children}
        {error != null && <ErrorNotice text={failureText(error)} />}
        <DialogActions>
          <CancelButton isHeld={isBusy} hasFocusFirst />
          <ActionButton
            kind="danger"
            label={action.label}
            busyLabel={action.busy}
            isBusy={isBusy}
            isReady={isReady}
            onClick={onConfirm}
          />
        </DialogActions>
      </div>
    </Dialog>
  );
}
