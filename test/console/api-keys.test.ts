/** The API keys page, in a real browser. */

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser } from './support/browser';
import { startConsole, type ConsoleUnderTest } from './support/console';
import { openSession, send } from './support/http';

describeInBrowser('API keys', () => {
  let console: ConsoleUnderTest;
  let page: Page;

  beforeAll(async () => {
    console = await startConsole();
    await console.browser.context.grantPermissions(['clipboard-read', 'clipboard-write'], {
      origin: console.origin,
    });
  });
  afterAll(() => console.stop());
  beforeEach(async () => {
    page = await console.open('/api-keys');
  });
  afterEach(() => page.close());

  const button = (name: string) => page.getByRole('button', { name, exact: true });

  async function create(name: string): Promise<string> {
    await button('Create key').click();
    await page.getByRole('dialog', { name: 'Create API key' }).getByLabel('Name', { exact: true }).fill(name);
    await button('Create').click();
    return page
      .getByRole('dialog', { name: 'Save your API key' })
      .getByLabel('API key', { exact: true })
      .inputValue();
  }

  it('Create key asks for a name, which is required', async () => {
    await button('Create key').click();
    const dialog = page.getByRole('dialog', { name: 'Create API key' });
    expect(await dialog.getByLabel('Name', { exact: true }).getAttribute('required')).toBe('');
    await button('Create').click();
    await dialog.getByText('Enter a name.').waitFor();
  });

  it('Save your API key shows the raw key once, with a copy button and Done', async () => {
    const key = await create('shown once');
    expect(key).toMatch(/^axk_[0-9a-f]{64}$/);
    await button('Copy key').click();
    await page.getByText('Copied', { exact: true }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(key);
    // A browser lets one Escape be refused, and closes a dialog at the next.
    for (let times = 0; times < 4; times++) await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(1);
    await button('Done').click();
    await page.getByRole('row', { name: /shown once/ }).waitFor();
    expect(await page.content()).not.toContain(key);
    await page.reload();
    await page.getByRole('row', { name: /shown once/ }).waitFor();
    expect(await page.content()).not.toContain(key);
    expect(await openSession(console.service.console, key)).toContain('__Host-axiom-session=');
  });

  it('The list shows Name, Key (masked), Created and Last used', async () => {
    const key = await create('masked');
    await button('Done').click();
    expect(await page.getByRole('columnheader').allInnerTexts()).toEqual([
      'Name',
      'Key',
      'Created',
      'Last used',
      'Actions',
    ]);
    const row = page.getByRole('row', { name: /masked/ });
    const text = await row.innerText();
    expect(text).toContain(`${key.slice(-4)}`);
    expect(text).toContain('…');
    expect(text).toContain('Never');
    expect(
      await page
        .getByRole('row', { name: /first admin key/ })
        .locator('time')
        .count(),
    ).toBe(2);
  });

  it('Revocation is immediate, and ends the sessions that were opened with the key', async () => {
    const key = await create('to revoke');
    await button('Done').click();
    const cookie = await openSession(console.service.console, key);
    const whoAmI = () => send(console.service.console, '/console/session', { headers: { cookie } });
    expect((await whoAmI()).status).toBe(200);
    await button('Revoke to revoke').click();
    await button('Revoke key').click();
    await page.getByText('to revoke was revoked').waitFor();
    expect((await whoAmI()).status).toBe(401);
    expect(await openSession(console.service.console, key)).toBe('');
    await page.getByRole('row', { name: /to revoke/ }).waitFor({ state: 'detached' });
    await page.getByLabel(/Show revoked keys/).check();
    expect(await page.getByRole('row', { name: /to revoke/ }).innerText()).toContain('Revoked');
  });

  it('Proposes the least: a viewer, for 90 days', async () => {
    await button('Create key').click();
    expect(await page.getByLabel('Role', { exact: true }).inputValue()).toBe('1');
    expect(await page.getByLabel('Expires', { exact: true }).inputValue()).toBe('90');
  });

  it('The last admin key is revoked only by whoever says that they understand', async () => {
    await button('Revoke first admin key').click();
    await page.getByText('It is the last admin key of your tenant.').waitFor();
    await page.getByText('You are logged in with this key').waitFor();
    expect(await button('Revoke key').getAttribute('aria-disabled')).toBe('true');
    await page.getByLabel('I understand, revoke the last admin key').check();
    expect(await button('Revoke key').getAttribute('aria-disabled')).toBe(null);
    await button('Cancel').click();
  });

  it('Whoever is logged in with a key that is revoked is back at the log-in page', async () => {
    const key = await console.keyOf('admin', 'own key');
    await page.close();
    page = await console.open('/api-keys', key);
    await button('Revoke own key').click();
    await page.getByLabel('I understand, revoke the key that I am using').check();
    await button('Revoke key').click();
    await page.getByText('Your session has ended. Log in again to go on.').waitFor();
    expect(await page.content()).not.toContain('own key');
  });

  it('Only admins come to the page', async () => {
    await page.close();
    page = await console.open('/api-keys', await console.keyOf('editor'));
    await page.getByText('This page is for admins.').waitFor();
    const links = await page.getByRole('navigation', { name: 'Console' }).getByRole('link').allInnerTexts();
    expect(links).toEqual(['Secrets', 'Usage', 'Flow Configs', 'Packages', 'Sessions']);
  });
});
