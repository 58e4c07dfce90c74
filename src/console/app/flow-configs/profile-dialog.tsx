/** The form of a profile, new or standing. */

import { useRef, useState, type FormEvent } from 'react';
import type { FlowConfig } from '../../../gen/axiom/flowconfigs/v1/flow_configs_pb';
import { failureText, fieldProblem } from '../failure';
import { Dialog, DialogActions } from '../ui/dialog';
import { Field } from '../ui/field';
import { ErrorNotice } from '../ui/notice';
import { parseTimeout, secondsOf, TIMEOUT_PROBLEM } from './node-timeout';
import type { OverrideDraft } from './override-draft';
import { OverridesEditor } from './overrides-editor';
import { TimeoutInput, typedSeconds } from './timeout-input';
import { useSaveProfile } from './use-save-profile';

interface ProfileDialogProps {
  readonly flowId: string;
  /** Undefined: a new one. */
  readonly config: FlowConfig | undefined;
  readonly onClose: () => void;
  readonly onSaved: (profileName: string) => void;
}

export function ProfileDialog({ flowId, config, onClose, onSaved }: ProfileDialogProps) {
  const [name, setName] = useState(config?.profileName ?? '');
  const [timeoutProblem, setTimeoutProblem] = useState<string>();
  const [drafts, setDrafts] = useState<readonly OverrideDraft[]>([]);
  const [removed, setRemoved] = useState<ReadonlySet<string>>(new Set());
  const timeout = useRef<HTMLInputElement>(null);
  const save = useSaveProfile(flowId, config, onSaved);
  const { error, isBusy, standing } = save;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (timeout.current === null) return;
    try {
      const nodeTimeout = parseTimeout(typedSeconds(timeout.current));
      setTimeoutProblem(undefined);
      void save.run({
        profileName: name.trim(),
        nodeTimeout,
        drafts,
        removed,
        onDrafts: setDrafts,
        onRemoved: setRemoved,
      });
    } catch {
      setTimeoutProblem(TIMEOUT_PROBLEM);
      timeout.current.focus();
    }
  }

  const nameProblem = fieldProblem(error, 'profile_name');
  return (
    <Dialog
      title={config === undefined ? 'New profile' : `Edit profile ${config.profileName}`}
      onClose={onClose}
      isWide
    >
      <form className="stack" onSubmit={submit} noValidate autoComplete="off">
        <div className="columns">
          <Field
            label="Profile name"
            problem={nameProblem}
            hint="Blank becomes default, which applies when a run names no profile."
          >
            {(control) => (
              <input
                {...control}
                className="mono"
                data-autofocus=""
                placeholder="default"
                spellCheck={false}
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <Field
            label="Node timeout (s)"
            problem={timeoutProblem}
            hint="1 to 3600. Empty: the tenant default."
          >
            {(control) => (
              <TimeoutInput {...control} ref={timeout} defaultValue={secondsOf(config?.nodeTimeout)} />
            )}
          </Field>
        </div>
        <OverridesEditor
          standing={standing?.overrides ?? []}
          drafts={drafts}
          removed={removed}
          onDrafts={setDrafts}
          onRemoved={setRemoved}
        />
        {error !== undefined && nameProblem === undefined && <ErrorNotice text={failureText(error)} />}
        <DialogActions>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={isBusy}>
            {isBusy ? 'Saving…' : 'Save config'}
          </button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
