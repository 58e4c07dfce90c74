/** Add secret: saves a new name, and replaces one that stands only after **I understand, replace it**. */

import { Code, createClient } from '@connectrpc/connect';
import { useTransport } from '@connectrpc/connect-query';
import { useRef, useState, type FormEvent } from 'react';
import { SecretsService, type SecretName } from '../../../gen/axiom/secrets/v1/secrets_pb';
import { useRefresh } from '../connection';
import { failureCode, failureText, fieldProblem } from '../failure';
import { Dialog, DialogActions } from '../ui/dialog';
import { Field } from '../ui/field';
import { ErrorNotice, Notice } from '../ui/notice';
import { When } from '../ui/when';
import { ALL_NAMES } from './use-secret-names';
import { crc32c } from '../../../domain/crc32c';
import { ValueField, type ValueFieldHandle } from './value-field';

interface AddSecretDialogProps {
  readonly initialName: string;
  readonly onClose: () => void;
  readonly onSaved: (name: string, how: 'saved' | 'replaced') => void;
}

export function AddSecretDialog({ initialName, onClose, onSaved }: AddSecretDialogProps) {
  const save = useSave(onSaved);
  const [name, setName] = useState(initialName);
  const [revokesRunning, setRevokesRunning] = useState(false);
  const value = useRef<ValueFieldHandle>(null);
  const { standing, error, isBusy } = save;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (value.current !== null) void save.run({ name: name.trim(), value: value.current, revokesRunning });
  }

  return (
    <Dialog title="Add secret" onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate autoComplete="off">
        <Field
          label="Name"
          problem={fieldProblem(error, 'name')}
          hint="Letters, digits, underscores, dots and hyphens. A name is not encrypted."
        >
          {(control) => (
            <input
              {...control}
              {...(initialName === '' && { 'data-autofocus': '' })}
              className="mono"
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              placeholder="ANTHROPIC_API_KEY"
              value={name}
              onChange={(event) => {
                setName(event.target.value);
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
            <button type="submit" className="button primary" disabled={isBusy}>
              {isBusy ? 'Saving…' : 'Save secret'}
            </button>
          ) : (
            <button type="submit" className="button danger" disabled={isBusy}>
              {isBusy ? 'Replacing…' : 'I understand, replace it'}
            </button>
          )}
        </DialogActions>
      </form>
    </Dialog>
  );
}

interface ReplaceWarningProps {
  readonly standing: SecretName;
  readonly revokesRunning: boolean;
  readonly onRevokes: (revokes: boolean) => void;
}

function ReplaceWarning({ standing, revokesRunning, onRevokes }: ReplaceWarningProps) {
  return (
    <Notice tone="warning">
      <p>
        <strong>{standing.name} already exists</strong> (added <When time={standing.createTime} to="day" />
        ). Saving replaces its value, and the old one cannot be brought back.
      </p>
      <label className="check">
        <input
          type="checkbox"
          checked={revokesRunning}
          onChange={(event) => onRevokes(event.target.checked)}
        />
        Also take the old value from executions that are already running
      </label>
    </Notice>
  );
}

interface SaveRequest {
  readonly name: string;
  readonly value: ValueFieldHandle;
  readonly revokesRunning: boolean;
}

/**
 * Saving, in its two steps. The value goes from the field into one call and is zeroed after it:
 * it is in no state, no cache and no mutation.
 */
function useSave(onSaved: AddSecretDialogProps['onSaved']) {
  const client = createClient(SecretsService, useTransport());
  const refresh = useRefresh();
  /** The secret that stands under the name, once the service has said that one does. */
  const [standing, setStanding] = useState<SecretName>();
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);

  async function lookUp(name: string) {
    const { secrets } = await client.listSecretNames(ALL_NAMES);
    setStanding(secrets.find((secret) => secret.name === name));
  }

  async function run({ name, value, revokesRunning }: SaveRequest) {
    const bytes = value.take();
    if (bytes === undefined) return;
    setBusy(true);
    setError(undefined);
    try {
      const sealed = { name, value: bytes, valueCrc32c: crc32c(bytes) };
      if (standing === undefined) await client.addSecret(sealed);
      else await client.replaceSecret({ ...sealed, etag: standing.etag, revokeRunning: revokesRunning });
      value.clear();
      onSaved(name, standing === undefined ? 'saved' : 'replaced');
      await refresh();
    } catch (failure) {
      await explain(name, failure);
    } finally {
      bytes.fill(0);
      setBusy(false);
    }
  }

  /** The name stands, was changed or is gone since: look at what there is and let the person decide again. */
  async function explain(name: string, failure: unknown) {
    const code = failureCode(failure);
    if (code !== Code.AlreadyExists) setError(failure);
    if (code === Code.AlreadyExists || code === Code.Aborted || code === Code.NotFound)
      await lookUp(name).catch(setError);
  }

  return {
    run,
    standing,
    error,
    isBusy,
    startOver() {
      setStanding(undefined);
      setError(undefined);
    },
  };
}

function isAboutField(error: unknown): boolean {
  return (fieldProblem(error, 'name') ?? fieldProblem(error, 'value')) !== undefined;
}
