/** The ways out of a dialog: none of them drops what was typed without asking, and none leaves the focus nowhere. */

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { as, bytes } from '../support/clients';
import { describeInBrowser } from './support/browser';
import { logIn, startConsole, type ConsoleUnderTest } from './support/console';

describeInBrowser('Ways out of a dialog, and where the focus goes', () => {
  let console: ConsoleUnderTest;
  let page: Page;

  beforeAll(async () => {
    console = await startConsole();
    for (let index = 0; index < 150; index++)
      await console.admin.secrets.addSecret(
        { name: `NAME_${String(index).padStart(3, '0')}`, content: { case: 'value', value: bytes('x') } },
        as(console.service.adminApiKey),
      );
  });
  afterAll(() => console.stop());
  beforeEach(async () => {
    page = await console.open('/secrets');
    await page.getByRole('row', { name: /NAME_000/ }).waitFor();
  });
  afterEach(() => page.close());

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const label = (name: string) => page.getByLabel(name, { exact: true });
  const dialog = (name: string) => page.getByRole('dialog', { name });
  const focused = () =>
    page.evaluate(
      `document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent.trim()`,
    ) as Promise<string>;
  const isInSight = (name: string) =>
    page.getByRole('row', { name: new RegExp(name) }).evaluate((row) => {
      const { top, bottom } = row.getBoundingClientRect();
      return top >= 0 && bottom <= (row.ownerDocument.defaultView?.innerHeight ?? 0);
    });

  async function typeAValue(): Promise<void> {
    await button('Add secret').click();
    await label('Value').fill('typed and not saved');
  }

  it.each([
    ['Escape', () => page.keyboard.press('Escape')],
    ['Cancel', () => button('Cancel').click()],
    ['Back', () => page.goBack()],
  ])('%s asks before it drops a typed value, and can be taken back', async (_way, leave) => {
    await typeAValue();
    await leave();
    await dialog('Discard what you typed?').waitFor();
    expect(await focused()).toBe('Keep editing');
    await button('Keep editing').click();
    expect(await label('Value').inputValue()).toBe('typed and not saved');
    await leave();
    await button('Discard').click();
    await dialog('Add secret').waitFor({ state: 'detached' });
    expect(await focused()).toBe('Add secret');
    expect(new URL(page.url()).pathname).toBe('/console/secrets');
  });

  it('A reload asks too, and stays where one says so', async () => {
    await button('Add secret').click();
    await label('Value').focus();
    await page.keyboard.type('typed');
    const asked = page.waitForEvent('dialog');
    const reload = page.evaluate('location.reload()').catch(() => undefined);
    const question = await asked;
    expect(question.type()).toBe('beforeunload');
    await question.dismiss();
    await reload;
    expect(await label('Value').inputValue()).toBe('typed');
  });

  it('Nothing is asked where nothing was typed, and Back closes the dialog and not the page', async () => {
    for (const leave of [() => page.keyboard.press('Escape'), () => page.goBack()]) {
      await button('Add secret').click();
      await dialog('Add secret').waitFor();
      await leave();
      await dialog('Add secret').waitFor({ state: 'detached' });
    }
    await page.getByRole('heading', { name: 'Secrets', level: 1 }).waitFor();
  });

  it('Nothing closes the dialog while its change is under way', async () => {
    let goOn: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    await page.route('**/AddSecret', async (route) => {
      await held;
      await route.continue();
    });
    await typeAValue();
    await label('Name').fill('SAVED_MEANWHILE');
    await button('Save secret').click();
    await button('Saving…').waitFor();
    expect(await focused()).toBe('Saving…');
    await page.keyboard.press('Escape');
    await page.goBack();
    expect(await page.getByRole('dialog').count()).toBe(1);
    goOn();
    await page.getByText('SAVED_MEANWHILE was saved').waitFor();
  });

  it('After a refusal the focus is where it was', async () => {
    await page.route('**/AddSecret', (route) => route.abort());
    await typeAValue();
    await label('Name').fill('REFUSED');
    await button('Save secret').click();
    await page.getByText('The console cannot reach the service').waitFor();
    expect(await focused()).toBe('Save secret');
  });

  it('After the log-in the focus is on the page’s title', async () => {
    await page.close();
    page = await console.freshPage();
    await page.goto(`${console.origin}/console/secrets`);
    await logIn(page, console.service.adminApiKey);
    await page.getByRole('row', { name: /NAME_000/ }).waitFor();
    expect(await focused()).toBe('Secrets');
  });

  it('Deleting far down leaves the page and the focus there', async () => {
    await page.evaluate('scrollTo(0, document.body.scrollHeight)');
    await button('Delete NAME_148').click();
    await page.locator('.button.danger:not([aria-disabled])').click();
    await page.getByRole('row', { name: /NAME_148/ }).waitFor({ state: 'detached' });
    expect(await focused()).toBe('Delete NAME_149');
    expect(await page.evaluate('scrollY > innerHeight')).toBe(true);
  });

  it('What was deleted has left the list when the page says so, before the service has listed it again', async () => {
    await page.route('**/ListSecretNames', () => undefined);
    await button('Delete NAME_003').click();
    await page.locator('.button.danger:not([aria-disabled])').click();
    await page.getByText('NAME_003 was deleted').waitFor();
    expect(await page.getByRole('row', { name: /NAME_003/ }).count()).toBe(0);
    expect(await page.getByRole('row', { name: /NAME_004/ }).count()).toBe(1);
  });

  it('What was added is in sight, wherever it stands, and whatever the list was narrowed to', async () => {
    await typeAValue();
    await label('Name').fill('NAME_149_AFTER');
    await button('Save secret').click();
    await page.getByText('NAME_149_AFTER was saved').waitFor({ state: 'attached' });
    await page.getByRole('row', { name: /NAME_149_AFTER/ }).waitFor();
    while ((await focused()) !== 'NAME_149_AFTER') await page.waitForTimeout(50);
    expect(await isInSight('NAME_149_AFTER')).toBe(true);
    await label('Find a secret').fill('NAME_00');
    await page
      .getByRole('row', { name: /NAME_149/ })
      .first()
      .waitFor({ state: 'detached' });
    await typeAValue();
    await label('Name').fill('ELSEWHERE');
    await button('Save secret').click();
    await page.getByRole('row', { name: /ELSEWHERE/ }).waitFor();
  });

  it('Back and a reload keep what the list was narrowed to', async () => {
    await label('Find a secret').fill('_07');
    await page.waitForURL(/find=_07/);
    await page.getByRole('link', { name: 'Usage' }).click();
    await page.getByRole('heading', { name: 'Usage', level: 1 }).waitFor();
    await page.goBack();
    await page.getByRole('row', { name: /NAME_070/ }).waitFor();
    expect(await label('Find a secret').inputValue()).toBe('_07');
    await page.reload();
    await page.getByRole('row', { name: /NAME_070/ }).waitFor();
    expect(await page.getByRole('row', { name: /NAME_000/ }).count()).toBe(0);
  });
});
