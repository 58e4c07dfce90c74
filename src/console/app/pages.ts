/** The pages, each loaded when it is first asked for, and all of them once the first is there. */

import { lazy } from 'react';

const secrets = () => import('./secrets/secrets-page');
const usage = () => import('./usage/usage-page');
const flowConfigs = () => import('./flow-configs/flow-configs-page');
const packages = () => import('./packages/packages-page');
const aPackage = () => import('./packages/package-page');
const apiKeys = () => import('./api-keys/api-keys-page');
const sessions = () => import('./sessions/sessions-page');
const audit = () => import('./audit/audit-page');

export const SecretsPage = lazy(async () => ({ default: (await secrets()).SecretsPage }));
export const UsagePage = lazy(async () => ({ default: (await usage()).UsagePage }));
export const FlowConfigsPage = lazy(async () => ({ default: (await flowConfigs()).FlowConfigsPage }));
export const PackagesPage = lazy(async () => ({ default: (await packages()).PackagesPage }));
export const PackagePage = lazy(async () => ({ default: (await aPackage()).PackagePage }));
export const ApiKeysPage = lazy(async () => ({ default: (await apiKeys()).ApiKeysPage }));
export const SessionsPage = lazy(async () => ({ default: (await sessions()).SessionsPage }));
export const AuditPage = lazy(async () => ({ default: (await audit()).AuditPage }));

/** The page that was asked for is there by then. */
const AFTER_MS = 2_000;

/** Going to a page later then waits for nothing. What cannot be loaded now is asked for again when it is needed. */
export function loadPagesInAdvance(): void {
  setTimeout(() => {
    for (const load of [secrets, usage, flowConfigs, packages, aPackage, apiKeys, sessions, audit])
      load().catch(() => undefined);
  }, AFTER_MS);
}
