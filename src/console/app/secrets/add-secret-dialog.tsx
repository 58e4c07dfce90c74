/** Add secret: saves a new name, and replaces one that stands only after **I understand, replace it**. */

import { useRef, useState, type FormEvent } from 'react';
import { failureText, fieldProblem } from '../failure';
import { secretNameProblem } from '../name-rules';
import { Dialog, DialogActions } from '../ui/dialog';
import { Field } from '../ui/field';
import { ErrorNotice } from '../ui/notice';
import { ReplaceWarning } from './replace-warning';
import { useSaveSecret } from './use-save-secret';
import { ValueField, type ValueFieldHandle } from './value-field';

interface AddSecretDialogProps {
  readonly initialName: string;
  readonly onClose: () => void;
  readonly onSaved: (name: string, how: 'saved' | 'replaced') => void;
}

export function AddSecretDialog({ initialName, onClose, onSaved }: AddSecretDialogProps) {
  const save = useSaveSecret(onSaved);
  const [name, setName] = useState(initialName);
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
    // Replacing is confirmed by its own button only: Enter in a field, pressed once more, is no understanding.
    if (standing === undefined && !isBusy) run();
  }

  return (
    <Dialog title="Add secret" onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate autoComplete="off">
        <Field
          label="Name"
          problem={nameProblem ?? fieldProblem(error, 'name')}
          hint="Letters, digits, underscores, dots and hyphens. A name is not encrypted."
        >
          {(control) => (
            <input
              {...control}
              ref={nameField}
              {...(initialName === '' && { 'data-autofocus': '' })}
              className="mono"
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              placeholder="ANTHROPIC_API_KEY"
              value={name}
              onChange={(event) => {
                setName(event.target.value);
                setNameProblem(undefined);
                setRevokesRunning(false);
                save.startOver();
              }}
            />
          )}
        </Field>
        <ValueField
          ref={value}
          label="Value"
          problem={fieldProblem(error, 'value')}
          autoFocus={initialName !== ''}
        />
        {standing !== undefined && (
          <ReplaceWarning standing={standing} revokesRunning={revokesRunning} onRevokes={setRevokesRunning} />
        )}
        {error !== undefined && !isAboutField(error) && <ErrorNotice text={failureText(error)} />}
        <DialogActions>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          {standing === undefined ? (
            <button key="save" type="submit" className="button primary" disabled={isBusy}>
              {isBusy ? 'Saving…' : 'Save secret'}
            </button>
          ) : (
            <button
              key="replace"
              type="button"
              className="button danger"
              disabled={isBusy}
              // It comes to stand where **Save secret** stood: the second click of a double click is not meant for it.
              onClick={(event) => event.detail < 2 && run()}
            >
              {isBusy ? 'Replacing…' : 'I understand, replace it'}
            </button>
          )}
        </DialogActions>
      </form>
    </Dialog>
  );
}

function isAboutField(error: unknown): boolean {
  return (fieldProblem(error, 'name') ?? fieldProblem(error, 'value')) !== undefined;
}
