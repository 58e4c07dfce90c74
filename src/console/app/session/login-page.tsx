/** The log-in page: an API key, or the provider's page. */

import { useSearchParams } from 'wouter';
import { Logo } from '../ui/icons';
import { Notice } from '../ui/notice';
import { useIsFirstPage, usePageTitle } from '../ui/page-header';
import { ApiKeyForm } from './api-key-form';
import { ProviderLink } from './provider-link';
import type { NoSession } from './session';

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
  useIsFirstPage();
  const [params] = useSearchParams();
  // What an earlier log-in came to is old news once somebody has been logged in since.
  const refusal = how === undefined ? REFUSALS[params.get('login') ?? ''] : undefined;
  return (
    <main className="gate">
      <Logo className="gate-logo" />
      <h1 id="page-title" tabIndex={-1}>
        Log in to Axiom Secrets
      </h1>
      {how !== undefined && <Notice tone="info">{PARTING[how]}</Notice>}
      {refusal !== undefined && <Notice tone="danger">{refusal}</Notice>}
      <ApiKeyForm />
      <ProviderLink />
      <p className="gate-hint">
        Admins make API keys on the <strong>API keys</strong> page. The first one is in the file{' '}
        <code>admin-api-key</code> of the service’s data folder.
      </p>
    </main>
  );
}
