/** The whole app: who is logged in decides between the log-in page and the pages of the console. */

import { TransportProvider } from '@connectrpc/connect-query';
import { QueryClientProvider } from '@tanstack/react-query';
import { Redirect, Route, Router, Switch } from 'wouter';
import { Suspense } from 'react';
import { queryClient, transport } from './connection';
import {
  ApiKeysPage,
  AuditPage,
  FlowConfigsPage,
  PackagePage,
  PackagesPage,
  SecretsPage,
  SessionsPage,
  UsagePage,
} from './pages';
import { SessionGate } from './session/session-gate';
import { NotFoundPage } from './shell/not-found-page';
import { Shell } from './shell/shell';
import { Loading } from './ui/listing';

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <TransportProvider transport={transport}>
        <Router base="/console">
          <SessionGate>
            <Shell>
              <Suspense fallback={<Loading what="the page" />}>
                <Pages />
              </Suspense>
            </Shell>
          </SessionGate>
        </Router>
      </TransportProvider>
    </QueryClientProvider>
  );
}

function Pages() {
  return (
    <Switch>
      <Route path="/">
        <Redirect to="/secrets" replace />
      </Route>
      <Route path="/secrets" component={SecretsPage} />
      <Route path="/usage" component={UsagePage} />
      <Route path="/flow-configs" component={FlowConfigsPage} />
      <Route path="/packages" component={PackagesPage} />
      <Route path="/packages/:handle/:name">
        {({ handle, name }) => <PackagePage key={`${handle}/${name}`} name={`${handle}/${name}`} />}
      </Route>
      <Route path="/api-keys" component={ApiKeysPage} />
      <Route path="/sessions" component={SessionsPage} />
      <Route path="/audit" component={AuditPage} />
      <Route component={NotFoundPage} />
    </Switch>
  );
}
