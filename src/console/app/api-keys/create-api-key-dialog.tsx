/** Create API key: a name, what the key may do, and how long it lives. */

import { createClient } from '@connectrpc/connect';
import { useTransport } from '@connectrpc/connect-query';
import { useRef, useState, type FormEvent } from 'react';
import { AccessService, Role, type CreateApiKeyResponse } from '../../../gen/axiom/access/v1/access_pb';
import { useRefresh } from '../connection';
import { failureText, fieldProblem } from '../failure';
import { ActionButton } from '../ui/action-button';
import { CancelButton, Dialog, DialogActions } from '../ui/dialog';
import { Field } from '../ui/field';
import { ErrorNotice } from '../ui/notice';

const ROLES = [
  { role: Role.VIEWER, title: 'Viewer: sees names' },
  { role: Role.EDITOR, title: 'Editor: also changes secrets, flow configs and packages' },
  { role: Role.ADMIN, title: 'Admin: also API keys and the audit log' },
];

const DAY_SECONDS = 86_400;
const LIFETIMES = [
  { days: 30, title: 'In 30 days' },
  { days: 90, title: 'In 90 days' },
  { days: 365, title: 'In a year' },
  { days: 0, title: 'Never, until it is revoked' },
];
/** What the service takes where nothing is said. */
const DEFAULT_DAYS = 90;

interface CreateApiKeyDialogProps {
  readonly onClose: () => void;
  readonly onCreated: (made: CreateApiKeyResponse) => void;
}

export function CreateApiKeyDialog({ onClose, onCreated }: CreateApiKeyDialogProps) {
  // The answer holds the key, so it goes from this one call to the dialog that shows it: no cache has it.
  const client = createClient(AccessService, useTransport());
  const refresh = useRefresh();
  const [name, setName] = useState('');
  // The least that a key can do and a while: more is asked for.
  const [role, setRole] = useState(Role.VIEWER);
  const [days, setDays] = useState(DEFAULT_DAYS);
  const nameField = useRef<HTMLInputElement>(null);
  const [isNameMissing, setNameMissing] = useState(false);
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    setNameMissing(name.trim() === '');
    if (name.trim() === '') return nameField.current?.focus();
    setBusy(true);
    setError(undefined);
    try {
      const ttl = days === 0 ? { neverExpires: true } : { ttl: { seconds: BigInt(days * DAY_SECONDS) } };
      onCreated(await client.createApiKey({ displayName: name.trim(), role, ...ttl }));
      await refresh();
    } catch (failure) {
      setError(failure);
      setBusy(false);
      if (fieldProblem(failure, 'display_name') !== undefined) nameField.current?.focus();
    }
  }

  const nameProblem = isNameMissing ? 'Enter a name.' : fieldProblem(error, 'display_name');
  return (
    <Dialog
      title="Create API key"
      onClose={onClose}
      leaving={isBusy ? 'held' : name === '' ? 'free' : 'asks'}
    >
      <form className="stack" onSubmit={(event) => void submit(event)} noValidate autoComplete="off">
        <Field
          label="Name"
          problem={nameProblem}
          hint="What uses it, so that you know it again: CI, a laptop, a service."
        >
          {(control) => (
            <input
              {...control}
              ref={nameField}
              data-autofocus=""
              required
              maxLength={128}
              value={name}
              onChange={(event) => {
                setName(event.target.value);
                setNameMissing(false);
              }}
            />
          )}
        </Field>
        <Field label="Role">
          {(control) => (
            <select {...control} value={role} onChange={(event) => setRole(Number(event.target.value))}>
              {ROLES.map((one) => (
                <option key={one.role} value={one.role}>
                  {one.title}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Expires">
          {(control) => (
            <select {...control} value={days} onChange={(event) => setDays(Number(event.target.value))}>
              {LIFETIMES.map((one) => (
                <option key={one.days} value={one.days}>
                  {one.title}
                </option>
              ))}
            </select>
          )}
        </Field>
        {error !== undefined && nameProblem === undefined && <ErrorNotice text={failureText(error)} />}
        <DialogActions>
          <CancelButton isHeld={isBusy} />
          <ActionButton label="Create" busyLabel="Creating…" isBusy={isBusy} />
        </DialogActions>
      </form>
    </Dialog>
  );
}
