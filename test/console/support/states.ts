/** Every page of the console in every state that a person can see it in. */

import type { Page } from 'playwright-core';

/** How to bring a page, logged in where it says so, into a state. */
export interface State {
  readonly name: string;
  /** Whose eyes; undefined: nobody is logged in. */
  readonly as: 'admin' | 'viewer' | undefined;
  /** Below /console. */
  readonly path: string;
  readonly reach?: (page: Page) => Promise<void>;
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** Answers every call of a method with what `answer` does. */
async function hold(page: Page, method: string, how: 'fail' | 'wait'): Promise<void> {
  await page.route(`**/*/${method}`, (route) =>
    how === 'fail' ? route.abort() : new Promise(() => undefined),
  );
  await page.reload();
}

async function fillSecret(page: Page, name: string, value: string): Promise<void> {
  await button(page, 'Add secret');
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Value').fill(value);
}

export const STATES: readonly State[] = [
  { name: 'login', as: undefined, path: '/secrets' },
  {
    name: 'login-refused',
    as: undefined,
    path: '/secrets',
    async reach(page) {
      await page.getByLabel('API key').fill('axk_nothing');
      await button(page, 'Log in');
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'secrets', as: 'admin', path: '/secrets' },
  { name: 'secrets-viewer', as: 'viewer', path: '/secrets' },
  {
    name: 'secrets-loading',
    as: 'admin',
    path: '/secrets',
    reach: (page) => hold(page, 'ListSecretNames', 'wait'),
  },
  {
    name: 'secrets-error',
    as: 'admin',
    path: '/secrets',
    async reach(page) {
      await hold(page, 'ListSecretNames', 'fail');
      await page.getByRole('button', { name: 'Try again' }).waitFor();
    },
  },
  { name: 'secrets-add', as: 'admin', path: '/secrets', reach: (page) => button(page, 'Add secret') },
  {
    name: 'secrets-add-shown',
    as: 'admin',
    path: '/secrets',
    async reach(page) {
      await fillSecret(page, 'STRIPE_KEY', 'a value that is shown');
      await button(page, 'Show');
    },
  },
  {
    name: 'secrets-add-warnings',
    as: 'admin',
    path: '/secrets',
    reach: (page) => fillSecret(page, 'STRIPE_KEY', 'export STRIPE_KEY="changeme" '),
  },
  {
    name: 'secrets-add-invalid',
    as: 'admin',
    path: '/secrets',
    async reach(page) {
      await fillSecret(page, '9 lives', 'x');
      await button(page, 'Save secret');
    },
  },
  {
    name: 'secrets-replace',
    as: 'admin',
    path: '/secrets',
    async reach(page) {
      await fillSecret(page, 'ANTHROPIC_API_KEY', 'another value');
      await button(page, 'Save secret');
      await page.getByRole('button', { name: 'I understand, replace it' }).waitFor();
    },
  },
  {
    name: 'secrets-delete',
    as: 'admin',
    path: '/secrets',
    async reach(page) {
      await button(page, 'Delete ANTHROPIC_API_KEY');
      await page.getByRole('list', { name: 'Packages that run here and declare it' }).waitFor();
    },
  },
  {
    name: 'secrets-add-session-ended',
    as: 'admin',
    path: '/secrets',
    async reach(page) {
      await fillSecret(page, 'STRIPE_KEY', 'not saved yet');
      await page.context().clearCookies();
      await button(page, 'Save secret');
      await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
    },
  },
  {
    name: 'secrets-taken-over',
    as: 'admin',
    path: '/secrets',
    async reach(page) {
      await page.route('**/axiom.secrets.v1.SecretsService/*', (route) => {
        const { 'axiom-whose': _, ...headers } = route.request().headers();
        const isSaving = route.request().url().endsWith('AddSecret');
        return route.continue({ headers: isSaving ? { ...headers, 'axiom-whose': 'another' } : headers });
      });
      await page.route('**/console/session', async (route) => {
        const response = await route.fetch();
        const session = (await response.json()) as object;
        await route.fulfill({
          response,
          json: { ...session, whose: 'another', displayName: 'Grace Hopper' },
        });
      });
      await fillSecret(page, 'STRIPE_KEY', 'for another tenant');
      await button(page, 'Save secret');
      await page.getByText('This browser has been logged in as').waitFor();
    },
  },
  { name: 'usage', as: 'admin', path: '/usage' },
  { name: 'flow-configs', as: 'admin', path: '/flow-configs' },
  {
    name: 'flow-configs-another-flow',
    as: 'admin',
    path: '/flow-configs',
    async reach(page) {
      await page.getByLabel('Flow', { exact: true }).selectOption('Another flow…');
    },
  },
  { name: 'flow-configs-no-profiles', as: 'admin', path: '/flow-configs?flow=welcome' },
  { name: 'flow-configs-profiles', as: 'admin', path: '/flow-configs?flow=checkout' },
  {
    name: 'flow-configs-new-profile',
    as: 'admin',
    path: '/flow-configs?flow=checkout',
    async reach(page) {
      await button(page, '+ New profile');
      await button(page, '+ Add override');
    },
  },
  {
    name: 'flow-configs-edit-profile',
    as: 'admin',
    path: '/flow-configs?flow=checkout',
    async reach(page) {
      await button(page, 'Edit europe');
      await button(page, 'Replace the override of ANTHROPIC_API_KEY');
      await button(page, 'Remove the override of SMTP_PASSWORD');
    },
  },
  {
    name: 'flow-configs-delete-profile',
    as: 'admin',
    path: '/flow-configs?flow=checkout',
    reach: (page) => button(page, 'Delete europe'),
  },
  { name: 'packages', as: 'admin', path: '/packages' },
  { name: 'package', as: 'admin', path: '/packages/my-org/greeter' },
  { name: 'package-unknown', as: 'admin', path: '/packages/my-org/nothing' },
  { name: 'api-keys', as: 'admin', path: '/api-keys' },
  { name: 'api-keys-viewer', as: 'viewer', path: '/api-keys' },
  { name: 'api-keys-create', as: 'admin', path: '/api-keys', reach: (page) => button(page, 'Create key') },
  {
    name: 'api-keys-save',
    as: 'admin',
    path: '/api-keys',
    async reach(page) {
      await button(page, 'Create key');
      await page.getByLabel('Name').fill('CI');
      await button(page, 'Create');
      await page.getByRole('heading', { name: 'Save your API key' }).waitFor();
    },
  },
  { name: 'api-keys-revoke', as: 'admin', path: '/api-keys', reach: (page) => button(page, 'Revoke viewer') },
  { name: 'sessions', as: 'admin', path: '/sessions' },
  {
    name: 'sessions-end',
    as: 'admin',
    path: '/sessions',
    async reach(page) {
      await page
        .getByRole('row', { name: /this session/ })
        .getByRole('button')
        .click();
      await page.getByRole('button', { name: 'End session' }).waitFor();
    },
  },
  { name: 'audit', as: 'admin', path: '/audit' },
  { name: 'not-found', as: 'admin', path: '/nothing-here' },
];

/** States of a service that nothing was put into, and that has a provider to log in with. */
export const EMPTY_STATES: readonly State[] = [
  { name: 'secrets-empty', as: 'admin', path: '/secrets' },
  { name: 'usage-empty', as: 'admin', path: '/usage' },
  { name: 'packages-empty', as: 'admin', path: '/packages' },
  { name: 'login-with-provider', as: undefined, path: '/secrets' },
  { name: 'login-provider-refused', as: undefined, path: '/secrets?login=refused' },
];
