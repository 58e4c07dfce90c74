/** What is around every page: the product, whose console it is, and the Console sub-navigation. */

import { useEffect, useState, type ReactNode } from 'react';
import { useMutation } from '@connectrpc/connect-query';
import { Link, useRoute } from 'wouter';
import { AccessService } from '../../../gen/axiom/access/v1/access_pb';
import { leave, lookWhose } from '../connection';
import { loadPagesInAdvance } from '../pages';
import { failureText } from '../failure';
import { logOut } from '../session/session';
import { useIsAdmin, useSession } from '../session/use-session';
import { ActionButton } from '../ui/action-button';
import { Logo } from '../ui/icons';
import { ErrorNotice, Notice } from '../ui/notice';
import { useOnline } from '../ui/use-online';

const PAGES = [
  { path: '/secrets', title: 'Secrets' },
  { path: '/usage', title: 'Usage' },
  { path: '/flow-configs', title: 'Flow Configs' },
  { path: '/packages', title: 'Packages' },
  { path: '/api-keys', title: 'API keys', isForAdmins: true },
  { path: '/sessions', title: 'Sessions' },
  { path: '/audit', title: 'Audit log', isForAdmins: true },
];

export function Shell({ children }: { readonly children: ReactNode }) {
  const isAdmin = useIsAdmin();
  useEffect(loadPagesInAdvance, []);
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <header className="bar">
        <span className="bar-product">
          <Logo /> Axiom Secrets
        </span>
        <Account />
      </header>
      <nav className="side" aria-labelledby="side-title">
        <p className="side-title" id="side-title">
          Console
        </p>
        <ul>
          {PAGES.filter((page) => isAdmin || page.isForAdmins !== true).map(({ path, title }) => (
            <li key={path}>
              <PageLink path={path} title={title} />
            </li>
          ))}
        </ul>
      </nav>
      <main id="main" className="page" tabIndex={-1}>
        <Offline />
        <TakenOver />
        {children}
      </main>
    </div>
  );
}

function PageLink({ path, title }: { readonly path: string; readonly title: string }) {
  const [isHere] = useRoute(`${path}/*?`);
  return (
    <Link href={path} aria-current={isHere ? 'page' : undefined}>
      {title}
    </Link>
  );
}

function Offline() {
  if (useOnline()) return null;
  return (
    <Notice tone="warning">
      <p>This browser is offline. What you see may be out of date, and nothing can be saved.</p>
    </Notice>
  );
}

/** The session is the browser's: a log-in in one tab is a log-in in all of them. */
function TakenOver() {
  const { isTakenOver, displayName, tenantId } = useSession();
  if (!isTakenOver) return null;
  return (
    <Notice tone="warning">
      <p>
        This browser has been logged in as <strong>{displayName}</strong> of tenant{' '}
        <strong>{tenantId}</strong> since this page was opened. What was open here is closed, and nothing of
        it was saved.
      </p>
    </Notice>
  );
}

function Account() {
  const session = useSession();
  const { tenantId, displayName, role } = session;
  const [hasFailed, setFailed] = useState(false);
  const everywhere = useMutation(AccessService.method.endSessions, { onSuccess: () => leave(session) });
  async function end() {
    try {
      if (await logOut(session)) leave(session);
      else await lookWhose();
    } catch {
      setFailed(true);
    }
  }
  return (
    <div className="account">
      <dl>
        <div>
          <dt>Tenant</dt>
          <dd>{tenantId}</dd>
        </div>
        <div className="account-who">
          <dt className="visually-hidden">Logged in as</dt>
          <dd>
            {displayName} <span className="badge">{role}</span>
          </dd>
        </div>
      </dl>
      <button type="button" className="button small" onClick={() => void end()}>
        Log out
      </button>
      <ActionButton
        kind="plain"
        size="small"
        label="Log out everywhere"
        busyLabel="Logging out…"
        isBusy={everywhere.isPending}
        title="Ends all of your console sessions, in other browsers too"
        onClick={() => everywhere.mutate({})}
      />
      {everywhere.error !== null && <ErrorNotice text={failureText(everywhere.error)} />}
      {hasFailed && (
        <ErrorNotice text="You are still logged in: the console cannot reach the service. Try again." />
      )}
    </div>
  );
}
