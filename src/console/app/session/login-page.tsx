/** The log-in page: an API key, or the provider's page. */

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type FormEvent } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { Logo } from '../ui/icons';
import { MaskedField, type MaskedFieldHandle } from '../ui/masked-field';
import { Notice } from '../ui/notice';
import { usePageTitle } from '../ui/page-header';
import { fetchLoginMethods, logIn, SESSION_KEY, type NoSession } from './session';

const PARTING = {
  ended: 'Your session has ended. Log in again to go on.',
  'logged-out': 'You are logged out.',
};

/** What the provider's log-in came to; see the door's openid-login. */
const REFUSALS: Readonly<Record<string, string>> = {
  refused: 'You proved who you are, but nobody has let you into this console yet. Ask its operator.',
  failed: 'The log-in did not come to an end. Try again.',
  unavailable: 'The provider does not answer. Try again later, or log in with an API key.',
};

export function LoginPage({ how }: { readonly how: NoSession['how'] }) {
  usePageTitle('Log in');
  const methods = useQuery({ queryKey: ['login-methods'], queryFn: fetchLoginMethods, staleTime: Infinity });
  const [location] = useLocation();
  const [params] = useSearchParams();
  const refusal = REFUSALS[params.get('login') ?? ''];
  return (
    <main className="gate">
      <Logo className="gate-logo" />
      <h1>Log in to Axiom Secrets</h1>
      {how !== undefined && <Notice tone="info">{PARTING[how]}</Notice>}
      {refusal !== undefined && <Notice tone="danger">{refusal}</Notice>}
      <ApiKeyForm />
      {methods.data?.oidc != null && (
        <>
          <p className="gate-or">or</p>
          <a
            className="button wide"
            href={`/console/oidc/start?return_to=${encodeURIComponent(`/console${location}`)}`}
          >
            Log in with {methods.data.oidc}
          </a>
        </>
      )}
      <p className="gate-hint">
        Admins make API keys on the <strong>API keys</strong> page. The first one is in the file{' '}
        <code>admin-api-key</code> of the service’s data folder.
      </p>
    </main>
  );
}

function ApiKeyForm() {
  const client = useQueryClient();
  const field = useRef<MaskedFieldHandle>(null);
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);

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
      client.setQueryData(SESSION_KEY, session);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setBusy(false);
      field.current?.focus();
    }
  }

  return (
    <form className="stack" onSubmit={(event) => void submit(event)} noValidate>
      <MaskedField ref={field} label="API key" problem={problem} autoFocus />
      <button type="submit" className="button primary wide" disabled={isBusy}>
        {isBusy ? 'Logging in…' : 'Log in'}
      </button>
    </form>
  );
}
