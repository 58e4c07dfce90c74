/** The spec's section "Add a secret in the console", sentence by sentence, in a real browser. */

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { as, bytes } from '../support/clients';
import { describeInBrowser } from './support/browser';
import { startConsole, type ConsoleUnderTest } from './support/console';
import { valuesOfNextExecution } from './support/executions';

const PEM = '-----BEGIN KEY-----\nüñí 🔑\n-----END KEY-----\n';

describeInBrowser('Add a secret in the console', () => {
  let console: ConsoleUnderTest;
  let page: Page;

  beforeAll(async () => {
    console = await startConsole();
  });
  afterAll(() => console.stop());
  beforeEach(async () => {
    page = await console.open('/secrets');
  });
  afterEach(() => page.close());

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const valuesNow = async () => (await valuesOfNextExecution(console.service)).values;
  const add = (name: string, value = `value of ${name}`) =>
    console.admin.secrets.addSecret({ name, value: bytes(value) }, as(console.service.adminApiKey));

  async function fill(name: string, value: string): Promise<void> {
    await button('Add secret').click();
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByLabel('Value', { exact: true }).fill(value);
  }

  async function paste(text: string): Promise<void> {
    await page.getByLabel('Value', { exact: true }).focus();
    await page.evaluate(
      `(() => { const data = new DataTransfer(); data.setData('text', ${JSON.stringify(text)});
        document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })); })()`,
    );
  }

  it('1. In the app, go to Console → Secrets (/console/secrets)', async () => {
    await page.goto(`${console.origin}/console/usage`);
    await page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: 'Secrets' }).click();
    await page.getByRole('heading', { name: 'Secrets', level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/console/secrets');
  });

  it('2. Click Add secret', async () => {
    await button('Add secret').click();
    expect(await page.getByRole('dialog', { name: 'Add secret' }).isVisible()).toBe(true);
    expect(
      await page
        .getByLabel('Name', { exact: true })
        .evaluate((input) => input === input.ownerDocument.activeElement),
    ).toBe(true);
  });

  it('3. Enter a Name and a Value: the value field is a password-style input with a show/hide toggle', async () => {
    await fill('TOGGLED', 'to be hidden');
    const value = page.getByLabel('Value', { exact: true });
    expect(await value.getAttribute('type')).toBe('password');
    await button('Show').click();
    expect(await value.getAttribute('type')).toBe('text');
    await button('Hide').click();
    expect(await value.getAttribute('type')).toBe('password');
    expect(await value.inputValue()).toBe('to be hidden');
  });

  it('4. Click Save secret', async () => {
    await fill('ANTHROPIC_API_KEY', 'sk-ant-1');
    await button('Save secret').click();
    await page.getByRole('row', { name: /ANTHROPIC_API_KEY/ }).waitFor();
    expect((await valuesNow())['ANTHROPIC_API_KEY']).toBe('sk-ant-1');
  });

  it('The value is never shown again: the list displays only the name and the date added', async () => {
    await add('NEVER_SHOWN', 'not for any page');
    await page.reload();
    const row = page.getByRole('row', { name: /NEVER_SHOWN/ });
    await row.waitFor();
    expect(await page.getByRole('columnheader').allInnerTexts()).toEqual(['Name', 'Date added', 'Actions']);
    expect(await page.content()).not.toContain('not for any page');
    expect(await row.locator('time').innerText()).toBe(
      new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'Europe/Vienna' }).format(),
    );
    // The exact time, in the viewer's zone, on hover.
    expect(await row.locator('time').getAttribute('title')).toMatch(/\d\d:\d\d:\d\d (CET|CEST|GMT\+[12])$/);
  });

  it('Saving an existing name warns, and replaces only after I understand, replace it', async () => {
    await add('STANDING', 'old');
    await fill('STANDING', 'new');
    await button('Save secret').click();
    await button('I understand, replace it').waitFor();
    expect(await page.getByRole('alert').innerText()).toContain('STANDING already exists');
    expect((await valuesNow())['STANDING']).toBe('old');
    await button('I understand, replace it').click();
    await page.getByText('STANDING was replaced').waitFor();
    expect((await valuesNow())['STANDING']).toBe('new');
  });

  it('Saving an existing name and turning back leaves the value as it is', async () => {
    await add('KEPT', 'old');
    await fill('KEPT', 'new');
    await button('Save secret').click();
    await button('I understand, replace it').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect((await valuesNow())['KEPT']).toBe('old');
  });

  it('Another name asks anew: the confirmation is for the name that was shown', async () => {
    await add('SHOWN_FIRST', 'old');
    await fill('SHOWN_FIRST', 'new');
    await button('Save secret').click();
    await button('I understand, replace it').waitFor();
    await page.getByLabel('Name', { exact: true }).fill('SHOWN_SECOND');
    expect(await button('I understand, replace it').count()).toBe(0);
    await button('Save secret').click();
    await page.getByText('SHOWN_SECOND was saved').waitFor();
    expect(await valuesNow()).toMatchObject({ SHOWN_FIRST: 'old', SHOWN_SECOND: 'new' });
  });

  it('Two open tabs cannot overwrite each other unseen', async () => {
    await add('SHARED', 'first');
    await fill('SHARED', 'mine');
    await button('Save secret').click();
    await button('I understand, replace it').waitFor();
    await console.admin.secrets.replaceSecret(
      { name: 'SHARED', value: bytes('theirs') },
      as(console.service.adminApiKey),
    );
    await button('I understand, replace it').click();
    await page.getByRole('alert').nth(1).waitFor();
    expect((await valuesNow())['SHARED']).toBe('theirs');
    await button('I understand, replace it').click();
    await page.getByText('SHARED was replaced').waitFor();
    expect((await valuesNow())['SHARED']).toBe('mine');
  });

  it('Deletion is immediate: the next execution no longer sees it', async () => {
    await add('LEAVING');
    await page.reload();
    await button('Delete LEAVING').click();
    await page.getByText('No flow config overrides it').waitFor();
    await button('Delete secret').click();
    await page.getByText('LEAVING was deleted').waitFor();
    expect(await page.getByRole('row', { name: /LEAVING/ }).count()).toBe(0);
    expect(await valuesNow()).not.toHaveProperty('LEAVING');
    // The button that was pressed is gone; the focus is not lost with it.
    expect(await page.evaluate('document.activeElement.id')).toBe('page-title');
  });

  it('Asking whom a deletion concerns deletes nothing', async () => {
    await add('ASKED_ABOUT');
    await page.reload();
    await button('Delete ASKED_ABOUT').click();
    await page.getByText('No flow config overrides it').waitFor();
    await button('Cancel').click();
    expect(await valuesNow()).toHaveProperty('ASKED_ABOUT');
  });

  it('The confirmation names the flow configs and packages that a deletion concerns', async () => {
    const key = as(console.service.adminApiKey);
    await add('CONCERNING');
    const manifest =
      'name: my-org/reader\nversion: 1.2.3\nlanguage: go\nnodes:\n  - {name: Read, input: A, output: B, required_secrets: [CONCERNING]}\n';
    await console.admin.packages.publishPackage({ manifest: bytes(manifest) }, key);
    const { flowConfig } = await console.admin.flowConfigs.createFlowConfig(
      { flowId: 'orders', profileName: 'eu' },
      key,
    );
    await console.admin.flowConfigs.setSecretOverride(
      { configId: flowConfig?.configId ?? '', name: 'CONCERNING', value: bytes('x') },
      key,
    );
    await page.reload();
    await button('Delete CONCERNING').click();
    await page.getByText('my-org/reader@1.2.3').waitFor();
    expect(await page.getByRole('dialog').innerText()).toContain('orders, profile eu');
  });

  it.each([
    ['a trailing newline', 'pasted\n', 'ends with a line break'],
    ['surrounding quotes', '"quoted"', 'stands in quotes'],
    ['NAME=value pasted whole', 'WARNED=value', 'looks like NAME=value'],
    ['placeholder text', 'changeme', 'looks like placeholder text'],
  ])('Warns of %s, and never blocks', async (what, value, warning) => {
    const name = `WARNED_${what.replaceAll(/\W/g, '_')}`;
    await fill(name, value.includes('\n') ? '' : value);
    if (value.includes('\n')) await paste(value);
    await page.getByText(warning).waitFor();
    await button('Save secret').click();
    await page.getByText(`${name} was saved`).waitFor();
    expect((await valuesNow())[name]).toBe(value);
  });

  it('A warning can be acted on with one click', async () => {
    await fill('MENDED', '"quoted"');
    await button('Remove the quotes').click();
    expect(await page.getByLabel('Value', { exact: true }).inputValue()).toBe('quoted');
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('A value of several lines is pasted masked and kept byte for byte', async () => {
    await fill('PEM', '');
    await paste(PEM);
    const value = page.getByLabel('Value', { exact: true });
    expect(
      await value.evaluate((area) => getComputedStyle(area).getPropertyValue('-webkit-text-security')),
    ).toBe('disc');
    await button('Save secret').click();
    await page.getByText('PEM was saved').waitFor();
    expect((await valuesNow())['PEM']).toBe(PEM);
  });

  it('Says beside the field what is wrong with a name, and an empty value is not sent', async () => {
    await fill('9 lives', 'x');
    await button('Save secret').click();
    await page.getByText('A secret name is 1 to 128 letters').waitFor();
    expect(await page.getByLabel('Name', { exact: true }).getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('Name', { exact: true }).fill('NINE_LIVES');
    await page.getByLabel('Value', { exact: true }).fill('');
    await button('Save secret').click();
    await page.getByText('Enter a value.').waitFor();
    expect(await valuesNow()).not.toHaveProperty('NINE_LIVES');
  });

  it('NAME=value pasted into the name is not sent anywhere, and says where the value belongs', async () => {
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.url()));
    await fill('STRIPE_KEY=sk-live-1', 'x');
    await button('Save secret').click();
    await page.getByText('What follows the equals sign belongs into the value.').waitFor();
    expect(sent.filter((url) => url.includes('AddSecret'))).toEqual([]);
    expect(
      await page
        .getByLabel('Name', { exact: true })
        .evaluate((input) => input === input.ownerDocument.activeElement),
    ).toBe(true);
  });

  it('Works by keyboard alone, and gives the focus back', async () => {
    await button('Add secret').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('BY_KEYBOARD');
    await page.keyboard.press('Tab');
    await page.keyboard.type('typed');
    await page.keyboard.press('Enter');
    await page.getByText('BY_KEYBOARD was saved').waitFor();
    expect((await valuesNow())['BY_KEYBOARD']).toBe('typed');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Add secret');
  });

  it('Browsers and password managers are asked to keep and to fill in nothing', async () => {
    await button('Add secret').click();
    const value = page.getByLabel('Value', { exact: true });
    for (const [name, wanted] of Object.entries({
      autocomplete: 'new-password',
      spellcheck: 'false',
      'data-1p-ignore': '',
      'data-lpignore': 'true',
    })) {
      expect([name, await value.getAttribute(name)]).toEqual([name, wanted]);
    }
  });

  it('A viewer sees the names and nothing to change them with', async () => {
    await add('FOR_VIEWERS');
    await page.close();
    page = await console.open('/secrets', await console.keyOf('viewer'));
    await page.getByRole('row', { name: /FOR_VIEWERS/ }).waitFor();
    expect(await page.getByRole('button').allInnerTexts()).toEqual(['Log out']);
    await page.goto(`${console.origin}/console/secrets?name=LINKED`);
    await page.getByRole('row', { name: /FOR_VIEWERS/ }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
  });
});
