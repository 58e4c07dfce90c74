/** Asks to log in again over a dialog that is still open, and hides it until then. */

import { useEffect } from 'react';
import { forgetSession, lookWhose } from '../connection';
import { Dialog, DialogActions } from '../ui/dialog';
import { ApiKeyForm } from './api-key-form';
import { ProviderLink } from './provider-link';
import type { Session } from './session';

export function LogInAgain({ kept: { displayName, tenantId } }: { readonly kept: Session }) {
  // Whoever logs in with the provider does so in another tab and comes back.
  useEffect(() => {
    const look = () => void lookWhose();
    window.addEventListener('focus', look);
    return () => window.removeEventListener('focus', look);
  }, []);
  return (
    <Dialog title="Your session has ended" onClose={() => undefined} leaving="held" isOpaque>
      <div className="stack">
        <p>
          Log in again as <strong>{displayName}</strong> of tenant <strong>{tenantId}</strong> to go on where
          you were. What you had not saved is still there, for you alone.
        </p>
        <ApiKeyForm />
        <ProviderLink inNewTab />
        <DialogActions>
          <button type="button" className="button" onClick={() => forgetSession('ended')}>
            Discard it
          </button>
        </DialogActions>
      </div>
    </Dialog>
  );
}
