/** Logs in with an API key, which goes from the masked field into one request. */

import { useEffect, useRef, useState, type FormEvent } from 'react';
import { enterSession } from '../connection';
import { MaskedField, type MaskedFieldHandle } from '../ui/masked-field';
import { logIn } from './session';

export function ApiKeyForm() {
  const field = useRef<MaskedFieldHandle>(null);
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  useEffect(() => field.current?.focus(), []);

  async function submit(event: FormEvent) {
    event.preventDefault();
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
      <MaskedField ref={field} label="API key" problem={problem} />
      <button type="submit" className="button primary wide" disabled={isBusy}>
        {isBusy ? 'Logging in…' : 'Log in'}
      </button>
    </form>
  );
}

/** A browser's own network errors differ in their words, and none of them says what to do. */
function problemOf(error: unknown): string {
  if (error instanceof TypeError)
    return 'The console cannot reach the service. Check that it is running, and try again.';
  return error instanceof Error ? error.message : String(error);
}
