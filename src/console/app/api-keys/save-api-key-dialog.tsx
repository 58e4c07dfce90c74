/** Save your API key: shows a new key, this once. */

import type { CreateApiKeyResponse } from '../../../gen/axiom/access/v1/access_pb';
import { CopyButton } from '../ui/copy-button';
import { Dialog, DialogActions } from '../ui/dialog';
import { Field } from '../ui/field';

interface SaveApiKeyDialogProps {
  readonly made: CreateApiKeyResponse;
  readonly onDone: () => void;
}

/** Escape is not a way out: a key that was closed away by accident is lost. */
export function SaveApiKeyDialog({ made, onDone }: SaveApiKeyDialogProps) {
  return (
    <Dialog title="Save your API key" onClose={onDone} leaving="held">
      <div className="stack">
        <p>
          This is the only time that the key of <strong translate="no">{made.apiKey?.displayName}</strong> is
          shown. Keep it where you keep passwords.
        </p>
        <Field label="API key">
          {(control) => (
            <textarea
              {...control}
              className="mono raw-key"
              translate="no"
              rows={2}
              readOnly
              autoComplete="off"
              spellCheck={false}
              data-autofocus=""
              value={made.rawKey}
              onFocus={(event) => event.target.select()}
            />
          )}
        </Field>
        <div className="copy">
          <CopyButton label="Copy key" text={made.rawKey} />
        </div>
        <DialogActions>
          <button type="button" className="button primary" onClick={onDone}>
            Done
          </button>
        </DialogActions>
      </div>
    </Dialog>
  );
}
