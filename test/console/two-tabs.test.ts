/** Sessions that end or change hands under an open page, double clicks, and changes made elsewhere meanwhile. */

import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { parseTenantId } from '../../src/domain/ids';
import { as, bytes, operatorClients } from '../support/clients';
import { describeInBrowser } from './support/browser';
import { logIn, startConsole, type ConsoleUnderTest } from './support/console';
import { valuesOfNextExecution } from './support/executions';

describeInBrowser('A page that is open while something else happens', () => {
  let console: ConsoleUnderTest;
  let page: Page;

  beforeAll(async () => {
    console = await startConsole();
  });
  afterAll(() => console.stop());
  afterEach(() => page.close());

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const label = (name: string) => page.getByLabel(name, { exact: true });
  const admin = () => as(console.service.adminApiKey);
  const valuesNow = async () => (await valuesOfNextExecution(console.service)).values;
  const names = async (key: string) =>
    (await console.admin.secrets.listSecretNames({}, as(key))).secrets.map(({ name }) => name);

  async function fill(name: string, value: string): Promise<void> {
    await button('Add secret').click();
    await label('Name').fill(name);
    await label('Value').fill(value);
  }

  /** Logs in another tab of the same browser, where this one's session has ended. */
  async function logInElsewhere(apiKey: string): Promise<void> {
    await page.context().clearCookies();
    const other = await page.context().newPage();
    await other.goto(`${console.origin}/console/usage`);
    await logIn(other, apiKey);
    await other.close();
  }

  it('writes nothing into the tenant of whoever logged in in another tab since', async () => {
    const operator = operatorClients(console.service);
    const { adminApiKey } = await operator.access.createTenant({
      tenantId: parseTenantId('other'),
      displayName: 'Other',
    });
    operator.close();
    page = await console.open('/secrets');
    await fill('MEANT_FOR_DEFAULT', 'mine');
    await logInElsewhere(adminApiKey);
    await button('Save secret').click();
    await page.getByText('This browser has been logged in as').waitFor();
    expect(await names(adminApiKey)).toEqual([]);
    expect(await names(console.service.adminApiKey)).not.toContain('MEANT_FOR_DEFAULT');
    expect(await page.getByRole('banner').innerText()).toContain('other');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await fill('MEANT_FOR_OTHER', 'theirs');
    await button('Save secret').click();
    await page.getByText('MEANT_FOR_OTHER was saved').waitFor();
    expect(await names(adminApiKey)).toEqual(['MEANT_FOR_OTHER']);
    // Its way out ends the session that stands, which is this page's again.
    await button('Log out').click();
    await page.getByText('You are logged out.').waitFor();
  });

  it('is logged out with every other tab, and keeps no form', async () => {
    page = await console.open('/secrets');
    await fill('LEFT_OPEN', 'left open');
    const other = await page.context().newPage();
    await other.goto(`${console.origin}/console/usage`);
    await other.getByRole('button', { name: 'Log out', exact: true }).click();
    await page.getByText('You are logged out.').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    await other.close();
  });

  it('keeps a form whose session ended, for the same person to go on with', async () => {
    const key = await console.keyOf('editor', 'form keeper');
    page = await console.open('/secrets', key);
    await fill('HALF_TYPED', 'shown by its issuer only once');
    await page.context().clearCookies();
    await button('Save secret').click();
    const again = page.getByRole('dialog', { name: 'Your session has ended' });
    await again.waitFor();
    for (let times = 0; times < 4; times++) await page.keyboard.press('Escape');
    await again.getByLabel('API key').fill(key);
    await again.getByRole('button', { name: 'Log in', exact: true }).click();
    await again.waitFor({ state: 'detached' });
    expect(await label('Value').inputValue()).toBe('shown by its issuer only once');
    expect(await page.getByRole('dialog', { name: 'Add secret' }).getByRole('alert').innerText()).toBe(
      'Your session had ended, and nothing was changed. You are logged in again: repeat it.',
    );
    await button('Save secret').click();
    await page.getByText('HALF_TYPED was saved').waitFor();
    expect((await valuesNow())['HALF_TYPED']).toBe('shown by its issuer only once');
  });

  it('gives the form of an ended session to nobody else', async () => {
    page = await console.open('/secrets', await console.keyOf('editor', 'one'));
    await fill('NOT_YOURS', 'not yours');
    await page.context().clearCookies();
    await button('Save secret').click();
    const again = page.getByRole('dialog', { name: 'Your session has ended' });
    await again.getByLabel('API key').fill(await console.keyOf('editor', 'another'));
    await again.getByRole('button', { name: 'Log in', exact: true }).click();
    await page.getByText('This browser has been logged in as').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await page.evaluate('document.body.innerHTML')).not.toContain('NOT_YOURS');
  });

  it('forgets the form of an ended session when it is discarded', async () => {
    page = await console.open('/secrets', await console.keyOf('editor', 'leaving'));
    await fill('DISCARDED', 'discarded');
    await page.context().clearCookies();
    await button('Save secret').click();
    await button('Discard it').click();
    await page.getByText('Your session has ended. Log in again to go on.').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('asks for the confirmation of a replacement by its own click: a double click and a second Enter are none', async () => {
    await console.admin.secrets.addSecret(
      { name: 'CLICKED_TWICE', content: { case: 'value', value: bytes('old') } },
      admin(),
    );
    page = await console.open('/secrets');
    await fill('CLICKED_TWICE', 'new');
    const box = await button('Save secret').boundingBox();
    const x = (box?.x ?? 0) + (box?.width ?? 0) - 20;
    const y = (box?.y ?? 0) + (box?.height ?? 0) / 2;
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.up();
    await button('I understand, replace it').waitFor();
    const replace = await button('I understand, replace it').boundingBox();
    await page.mouse.move((replace?.x ?? 0) + 20, (replace?.y ?? 0) + 20);
    await page.mouse.down({ clickCount: 2 });
    await page.mouse.up({ clickCount: 2 });
    await label('Value').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    // Whatever those did is done before this answer comes.
    await page.evaluate("fetch('/console/session').then((response) => response.text())");
    expect((await valuesNow())['CLICKED_TWICE']).toBe('old');
    await button('I understand, replace it').click();
    await page.getByText('CLICKED_TWICE was replaced').waitFor();
  });

  it('deletes what stands now, after somebody else’s change was shown', async () => {
    await console.admin.secrets.addSecret(
      { name: 'CHANGED', content: { case: 'value', value: bytes('1') } },
      admin(),
    );
    page = await console.open('/secrets');
    await button('Delete CHANGED').click();
    await console.admin.secrets.replaceSecret(
      { name: 'CHANGED', content: { case: 'value', value: bytes('2') } },
      admin(),
    );
    await button('Delete secret').click();
    await page.getByText('It was changed by somebody else').waitFor();
    expect((await valuesNow())['CHANGED']).toBe('2');
    await button('Delete secret').click();
    await page.getByText('CHANGED was deleted').waitFor();
  });

  it('says that a secret was deleted already', async () => {
    await console.admin.secrets.addSecret(
      { name: 'GONE', content: { case: 'value', value: bytes('1') } },
      admin(),
    );
    page = await console.open('/secrets');
    await button('Delete GONE').click();
    await page.getByText('No flow config overrides it').waitFor();
    await console.admin.secrets.deleteSecret({ name: 'GONE' }, admin());
    await button('Delete secret').click();
    await page.getByText('GONE had been deleted already').waitFor();
  });

  it('keeps a typed timeout while the service does not answer, and saves it at the next leave', async () => {
    page = await console.open('/flow-configs');
    const field = label('Default node timeout (seconds)');
    await field.fill('77');
    await page.route('**/axiom.flowconfigs.v1.FlowConfigsService/*', (route) => route.abort());
    await field.blur();
    await page.getByText('The console cannot reach the service').first().waitFor();
    expect(await field.inputValue()).toBe('77');
    await page.unrouteAll();
    await field.focus();
    await field.blur();
    await page.getByText('In force: 77 s').waitFor();
  });

  it('saves a timeout once for Enter and leaving the field, and leaves the focus where it is', async () => {
    page = await console.open('/flow-configs');
    const field = label('Default node timeout (seconds)');
    await field.fill('88');
    await page.keyboard.press('Enter');
    expect(await field.evaluate((input) => input === input.ownerDocument.activeElement)).toBe(true);
    await page.keyboard.press('Tab');
    await page.getByText('In force: 88 s').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    await field.fill('89');
    await page.keyboard.press('Enter');
    await field.fill('90');
    await field.blur();
    await page.getByText('In force: 90 s').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('shows a timeout that was changed elsewhere, and keeps one that is being typed', async () => {
    page = await console.open('/flow-configs');
    const field = label('Default node timeout (seconds)');
    await page.getByText('In force:').waitFor();
    const nodeTimeout = { seconds: 120n, nanos: 0 };
    await console.admin.flowConfigs.updateTenantDefault({ nodeTimeout }, admin());
    await field.fill('66');
    await field.blur();
    await page.getByText('It was changed by somebody else').waitFor();
    await page.getByText('In force: 120 s').waitFor();
    expect(await field.inputValue()).toBe('66');
    await field.focus();
    await field.blur();
    await page.getByText('In force: 66 s').waitFor();
  });
});
