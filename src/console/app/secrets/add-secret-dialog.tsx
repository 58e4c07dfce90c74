/** Add secret: saves a new name, and replaces one that exists only after **I understand, replace it**. */

import { useRef, useState, type FormEvent } from 'react';
import type { SecretName } from '../../../gen/axiom/secrets/v1/secrets_pb';
import { failureText, fieldProblem } from '../failure';
import { secretNameProblem } from '../name-rules';
import { ActionButton } from '../ui/action-button';
import { CancelButton, Dialog, DialogActions } from '../ui/dialog';
import { ErrorNotice } from '../ui/notice';
import { NameField } from './name-field';
import { NameRemark } from './name-remark';
import { ReplaceWarning } from './replace-warning';
import { useSaveSecret } from './use-save-secret';
import { ValueField, type ValueFieldHandle } from './value-field';

interface AddSecretDialogProps {
  readonly initialName: string;
  /** The tenant's secrets, as far as the page knows them. */
  readonly known: readonly SecretName[];
  readonly onClose: () => void;
  readonly onSaved: (name: string, how: 'saved' | 'replaced') => void;
}

export function AddSecretDialog({ initialName, known, onClose, onSaved }: AddSecretDialogProps) {
  const save = useSaveSecret(onSaved);
  const [name, setName] = useState(initialName);
  const [hasValue, setHasValue] = useState(false);
  const [revokesRunning, setRevokesRunning] = useState(false);
  const [nameProblem, setNameProblem] = useState<string>();
  const nameField = useRef<HTMLInputElement>(null);
  const value = useRef<ValueFieldHandle>(null);
  const { standing, error, isBusy } = save;

  function run() {
    const problem = secretNameProblem(name.trim());
    setNameProblem(problem);
    if (problem !== undefined) nameField.current?.focus();
    else if (value.current !== null)
      void save.run({ name: name.trim(), value: value.current, revokesRunning });
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    // Replacing is confirmed by its own button only: Enter in a field, pressed once more, is not an understanding.
    if (standing === undefined && !isBusy) run();
  }

  function rename(typed: string) {
    setName(typed);
    setNameProblem(undefined);
    setRevokesRunning(false);
    save.startOver();
  }

  const isTyped = hasValue || name !== initialName;
  return (
    <Dialog title="Add secret" onClose={onClose} leaving={isBusy ? 'held' : isTyped ? 'asks' : 'free'}>
      <form className="stack" onSubmit={submit} noValidate autoComplete="off">
        <NameField
          ref={nameField}
          label="Name"
          name={name}
          problem={nameProblem ?? fieldProblem(error, 'name')}
          remark={standing === undefined ? <NameRemark name={name.trim()} known={known} /> : undefined}
          hint="Letters, digits, underscores, dots and hyphens. A name is not encrypted."
          placeholder="ANTHROPIC_API_KEY"
          autoFocus={initialName === ''}
          onName={rename}
          onValue={(text) => {
            value.current?.write(text);
            value.current?.focus();
          }}
        />
        <ValueField
          ref={value}
          label="Value"
          problem={fieldProblem(error, 'value')}
          autoFocus={initialName !== ''}
          onFilled={setHasValue}
        />
        {standing !== undefined && (
          <ReplaceWarning standing={standing} revokesRunning={revokesRunning} onRevokes={setRevokesRunning} />
        )}
        {error !== undefined && !isAboutField(error) && <ErrorNotice text={failureText(error)} />}
        <DialogActions>
          <CancelButton isHeld={isBusy} />
          {standing === undefined ? (
            <ActionButton key="save" label="Save secret" busyLabel="Saving…" isBusy={isBusy} />
          ) : (
            <ActionButton
              key="replace"
              kind="danger"
              label="I understand, replace it"
              busyLabel="Replacing…"
              isBusy={isBusy}
              // It comes to stand where **Save secret** stood: the second click of a double click is not meant for it.
              onClick={(event) => event.detail < 2 && run()}
            />
          )}
        </DialogActions>
      </form>
    </Dialog>
  );
}

function isAboutField(error: unknown): boolean {
  return (fieldProblem(error, 'name') ?? fieldProblem(error, 'value')) !== undefined;
}
