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
    console.admin.secrets.addSecret(
      { name, content: { case: 'value', value: bytes(value) } },
      as(console.service.adminApiKey),
    );

  async function fill(name: string, value: string): Promise<void> {
    await button('Add secret').click();
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByLabel('Value', { exact: true }).fill(value);
  }

  async function paste(text: string, field = 'Value'): Promise<void> {
    await page.getByLabel(field, { exact: true }).focus();
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
    expect(await row.locator('time').getAttribute('title')).toMatch(
      /\d\d:\d\d:\d\d (CET|CEST|GMT\+[12])\n\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/,
    );
  });

  it('Saving an existing name warns, and replaces only after I understand, replace it', async () => {
    await add('STANDING', 'old');
    await fill('STANDING', 'new-value');
    await button('Save secret').click();
    await button('I understand, replace it').waitFor();
    expect(await page.getByRole('alert').innerText()).toContain('STANDING already exists');
    expect((await valuesNow())['STANDING']).toBe('old');
    await button('I understand, replace it').click();
    await page.getByText('STANDING was replaced').waitFor();
    expect((await valuesNow())['STANDING']).toBe('new-value');
  });

  it('Saving an existing name and turning back leaves the value as it is', async () => {
    await add('KEPT', 'old');
    await fill('KEPT', 'new');
    await button('Save secret').click();
    await button('I understand, replace it').waitFor();
    await page.keyboard.press('Escape');
    await button('Discard').click();
    await page.getByRole('dialog').first().waitFor({ state: 'detached' });
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
    await fill('SHARED', 'mine-alone');
    await button('Save secret').click();
    await button('I understand, replace it').waitFor();
    await console.admin.secrets.replaceSecret(
      { name: 'SHARED', content: { case: 'value', value: bytes('theirs') } },
      as(console.service.adminApiKey),
    );
    await button('I understand, replace it').click();
    await page.getByRole('alert').nth(1).waitFor();
    expect((await valuesNow())['SHARED']).toBe('theirs');
    await button('I understand, replace it').click();
    await page.getByText('SHARED was replaced').waitFor();
    expect((await valuesNow())['SHARED']).toBe('mine-alone');
  });

  it('Deletion is immediate: the next execution no longer sees it', async () => {
    await add('LEAVING');
    await page.reload();
    await button('Delete LEAVING').click();
    await page.getByText('No flow config overrides it').waitFor();
    await button('Delete secret').click();
    await page.getByText('LEAVING was deleted').waitFor();
    await page.getByRole('row', { name: /LEAVING/ }).waitFor({ state: 'detached' });
    expect(await valuesNow()).not.toHaveProperty('LEAVING');
    // The button that was pressed is gone; the focus is on the same one of a row beside it.
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toMatch(/^Delete /);
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
      {
        configId: flowConfig?.configId ?? '',
        name: 'CONCERNING',
        content: { case: 'value', value: bytes('x') },
      },
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
    ['placeholder text', 'changeme', 'looks like placeholder text; put the real one in its place.'],
    [
      'a mask pasted back',
      'sk****yy',
      'The value looks like a mask, copied from where the value itself is hidden;',
    ],
    ['a common word', 'production', 'The value is so short or so common that masking it would spoil logs;'],
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
    await fill('MENDED', '"quoted-value"');
    await button('Remove the quotes').click();
    expect(await page.getByLabel('Value', { exact: true }).inputValue()).toBe('quoted-value');
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

  it.each([
    ['A line break of Windows', 'first\r\nsecond', 'first\nsecond'],
    ['A lone carriage return', 'first\rsecond', 'first\nsecond'],
    ['A carriage return at the end', 'alone\r', 'alone\n'],
  ])('%s that is pasted is one newline, as at the prompt', async (what, pasted, kept) => {
    const name = what.replaceAll(' ', '_');
    await fill(name, '');
    await paste(pasted);
    const warned = page.getByText('The value ends with a line break;');
    if (kept.endsWith('\n')) await warned.waitFor();
    else expect(await warned.count()).toBe(0);
    await button('Save secret').click();
    await page.getByText(`${name} was saved`).waitFor();
    expect((await valuesNow())[name]).toBe(kept);
  });

  it('Lines that a terminal doubled are warned of, and halved with one click', async () => {
    await fill('DOUBLED', '');
    await paste(PEM.replaceAll('\n', '\n\n'));
    await button('Remove the empty lines').click();
    expect(await page.getByLabel('Value', { exact: true }).inputValue()).toBe(PEM);
  });

  it('Says while a name is typed all that is wrong with it, and what to take instead', async () => {
    await fill('9 lives!', 'x');
    const remark = page.getByRole('status').filter({ hasText: 'A secret’s name:' });
    expect((await remark.innerText()).split(/\n+/)).toEqual([
      'A secret’s name:',
      'starts with a letter or an underscore',
      'has no spaces and “!”',
      'Use _9_LIVES',
    ]);
    await page.getByLabel('Name', { exact: true }).fill('has space');
    await button('Use HAS_SPACE').click();
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('HAS_SPACE');
    expect(await remark.count()).toBe(0);
    await button('Save secret').click();
    await page.getByText('HAS_SPACE was saved').waitFor();
  });

  it('Says before saving that a name exists already, and that another case is another name', async () => {
    await add('Already_There');
    await page.reload();
    await page.getByRole('row', { name: /Already_There/ }).waitFor();
    await fill('Already_There', 'x');
    await page.getByText('Already_There exists already, added').waitFor();
    await page.getByLabel('Name', { exact: true }).fill('ALREADY_THERE');
    await page.getByText('Already_There exists. Upper and lower case are told apart').waitFor();
  });

  it('Says beside the field what is wrong with a name, and an empty value is not sent', async () => {
    await fill('9 lives', 'x');
    await button('Save secret').click();
    const field = page.getByLabel('Name', { exact: true });
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await field.evaluate((input) => input === input.ownerDocument.activeElement)).toBe(true);
    const described = await field.evaluate((input) =>
      (input.getAttribute('aria-describedby') ?? '')
        .split(' ')
        .map((id) => input.ownerDocument.getElementById(id)?.textContent)
        .join(' '),
    );
    expect(described).toContain('has no spaces');
    await page.getByLabel('Name', { exact: true }).fill('NINE_LIVES');
    await page.getByLabel('Value', { exact: true }).fill('');
    await button('Save secret').click();
    await page.getByText('Enter a value.').waitFor();
    expect(await valuesNow()).not.toHaveProperty('NINE_LIVES');
  });

  it.each([
    ['pasted', 'STRIPE_KEY=sk-live-1', 'sk-live-1'],
    ['pasted with export', 'export STRIPE_KEY = sk-live=2', 'sk-live=2'],
    ['pasted with several lines', `STRIPE_KEY=${PEM}`, PEM],
  ])(
    'NAME=value %s into the name is split at once: the value is never in clear text',
    async (_how, text, value) => {
      await button('Add secret').click();
      await paste(text, 'Name');
      expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('STRIPE_KEY');
      const field = page.getByLabel('Value', { exact: true });
      expect(await field.inputValue()).toBe(value);
      expect(await field.evaluate((input) => input === input.ownerDocument.activeElement)).toBe(true);
      expect(await page.evaluate('document.body.innerText')).not.toContain(value);
    },
  );

  it('An equals sign typed after the name goes on to the value', async () => {
    await button('Add secret').click();
    await page.keyboard.type('TYPED_ON=and on');
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('TYPED_ON');
    expect(await page.getByLabel('Value', { exact: true }).inputValue()).toBe('and on');
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
    expect(await page.getByRole('button').allInnerTexts()).toEqual(['Log out', 'Log out everywhere']);
    await page.goto(`${console.origin}/console/secrets?name=LINKED`);
    await page.getByRole('row', { name: /FOR_VIEWERS/ }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
  });
});
