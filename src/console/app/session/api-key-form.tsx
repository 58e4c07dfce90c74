/** Logs in with an API key, which goes from the masked field into one request. */

import { useEffect, useRef, useState, type FormEvent } from 'react';
import { enterSession } from '../connection';
import { unreachableText } from '../failure';
import { ActionButton } from '../ui/action-button';
import { MaskedField, type MaskedFieldHandle } from '../ui/masked-field';
import { logIn } from './session';

export function ApiKeyForm() {
  const field = useRef<MaskedFieldHandle>(null);
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  useEffect(() => field.current?.focus(), []);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    const key = field.current?.read().trim() ?? '';
    if (key === '') {
      setProblem('Enter an API key.');
      field.current?.focus();
      return;
    }
    setBusy(true);
    try {
      const session = await logIn(key);
      field.current?.clear();
      enterSession(session);
    } catch (error) {
      setProblem(problemOf(error));
      setBusy(false);
      field.current?.focus();
    }
  }

  return (
    <form className="stack" onSubmit={(event) => void submit(event)} noValidate>
      {/* Password managers keep a password together with whose it is; a key has no other name. */}
      <input type="text" name="username" autoComplete="username" value="Axiom Secrets" readOnly hidden />
      <MaskedField ref={field} label="API key" problem={problem} isKept />
      <ActionButton size="wide" label="Log in" busyLabel="Logging in…" isBusy={isBusy} />
    </form>
  );
}

/** A browser's own network errors differ in their words, and none of them says what to do. */
function problemOf(error: unknown): string {
  if (error instanceof TypeError || error instanceof DOMException) return unreachableText();
  return error instanceof Error ? error.message : String(error);
}
