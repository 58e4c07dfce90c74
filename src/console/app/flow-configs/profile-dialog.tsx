/** The form of a profile, new or standing. */

import { useEffect, useRef, useState, type FormEvent } from 'react';
import type { FlowConfig } from '../../../gen/axiom/flowconfigs/v1/flow_configs_pb';
import { failureText, fieldProblem } from '../failure';
import { profileNameProblem } from '../name-rules';
import { ActionButton } from '../ui/action-button';
import { CancelButton, Dialog, DialogActions } from '../ui/dialog';
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
  readonly onSaved: (saved: FlowConfig) => void;
}

export function ProfileDialog({ flowId, config, onClose, onSaved }: ProfileDialogProps) {
  const [name, setName] = useState(config?.profileName ?? '');
  const [timeoutProblem, setTimeoutProblem] = useState<string>();
  const [drafts, setDrafts] = useState<readonly OverrideDraft[]>([]);
  const [removed, setRemoved] = useState<ReadonlySet<string>>(new Set());
  const [ownNameProblem, setOwnNameProblem] = useState<string>();
  const [hasTimeout, setHasTimeout] = useState(false);
  const nameField = useRef<HTMLInputElement>(null);
  const timeout = useRef<HTMLInputElement>(null);
  const save = useSaveProfile(flowId, config, onSaved);
  const { error, isBusy, standing } = save;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (timeout.current === null || isBusy) return;
    const wrongName = profileNameProblem(name.trim());
    setOwnNameProblem(wrongName);
    if (wrongName !== undefined) return nameField.current?.focus();
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

  const refusedName = fieldProblem(error, 'profile_name');
  useEffect(() => {
    if (refusedName !== undefined) nameField.current?.focus();
  }, [refusedName, error]);
  const nameProblem = ownNameProblem ?? refusedName;
  const isTyped = name !== (config?.profileName ?? '') || hasTimeout || drafts.length > 0 || removed.size > 0;
  return (
    <Dialog
      title={config === undefined ? 'New profile' : `Edit profile ${config.profileName}`}
      onClose={onClose}
      isWide
      leaving={isBusy ? 'held' : isTyped ? 'asks' : 'free'}
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
                ref={nameField}
                className="mono"
                translate="no"
                data-autofocus=""
                placeholder="default"
                spellCheck={false}
                value={name}
                onChange={(event) => {
                  setName(event.target.value);
                  setOwnNameProblem(undefined);
                }}
              />
            )}
          </Field>
          <Field
            label="Node timeout (s)"
            problem={timeoutProblem}
            hint="1 to 3600. Empty: the tenant default."
          >
            {(control) => (
              <TimeoutInput
                {...control}
                ref={timeout}
                defaultValue={secondsOf(config?.nodeTimeout)}
                onChange={({ target }) => {
                  setTimeoutProblem(undefined);
                  setHasTimeout(target.value !== target.defaultValue);
                }}
              />
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
          <CancelButton isHeld={isBusy} />
          <ActionButton label="Save config" busyLabel="Saving…" isBusy={isBusy} />
        </DialogActions>
      </form>
    </Dialog>
  );
}
