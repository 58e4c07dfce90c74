/** A page that the browser translates, and a page without a network: neither is ever blank, and both say what is true. */

import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser } from './support/browser';
import { startConsole, type ConsoleUnderTest } from './support/console';
import { seed } from './support/seed';

/** What a browser's translation does: each text, now and later, is moved into elements of its own, which say it anew. */
const TRANSLATE = `(() => {
  const isTaken = (node) => node.parentElement.closest('font, script, style, textarea, [translate="no"]') !== null;
  const translate = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    if (root.nodeType === Node.TEXT_NODE) texts.push(root);
    for (const text of texts) {
      if (text.parentElement === null || text.data.trim() === '' || isTaken(text)) continue;
      const outer = document.createElement('font');
      const inner = outer.appendChild(document.createElement('font'));
      inner.textContent = text.data.toUpperCase();
      text.replaceWith(outer);
    }
  };
  translate(document.body);
  new MutationObserver((records) => {
    for (const { addedNodes, target, type } of records)
      for (const node of type === 'characterData' ? [target] : addedNodes) if (node.isConnected) translate(node);
  }).observe(document.body, { childList: true, characterData: true, subtree: true });
})()`;

describeInBrowser('A translated page, and one that is offline', () => {
  let console: ConsoleUnderTest;
  let page: Page;

  beforeAll(async () => {
    console = await startConsole();
    await seed(console);
  });
  afterAll(() => console.stop());
  afterEach(async () => {
    await page.context().setOffline(false);
    await page.close();
  });

  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const label = (name: string) => page.getByLabel(name);

  async function openTranslated(path: string): Promise<string[]> {
    page = await console.open(path);
    const failures: string[] = [];
    page.on('pageerror', (error) => failures.push(error.message));
    await page.locator('.loading').first().waitFor({ state: 'detached' });
    await page.evaluate(TRANSLATE);
    return failures;
  }

  it('A translated Add secret shows, hides, warns, refuses, replaces and saves', async () => {
    const failures = await openTranslated('/secrets');
    await button(/add secret/i).click();
    await label('NAME').fill('has space');
    await label('NAME').fill('SMTP_PASSWORD');
    await label('VALUE').fill('"quoted');
    for (const text of ['SHOW', 'HIDE', 'SHOW']) await button(new RegExp(text, 'i')).click();
    await label('VALUE').fill('"quoted"');
    await button(/remove the quotes/i).click();
    await button(/save secret/i).click();
    await button(/i understand, replace it/i).click();
    await page.getByText(/SMTP_PASSWORD was replaced/i).waitFor();
    await button(/add secret/i).click();
    await label('NAME').fill('TRANSLATED');
    await button(/save secret/i).click();
    await page.getByText(/enter a value/i).waitFor();
    await label('VALUE').fill('x');
    await button(/save secret/i).click();
    await page.getByText(/TRANSLATED was saved/i).waitFor();
    await button(/delete TRANSLATED/i).click();
    await page.locator('.button.danger:not([aria-disabled])').click();
    await page.getByText(/TRANSLATED was deleted/i).waitFor();
    expect(failures).toEqual([]);
  });

  it.each([
    ['/usage', 'a[href="/console/packages"]'],
    ['/packages', 'a[href="/console/api-keys"]'],
    ['/api-keys', 'a[href="/console/audit"]'],
    ['/audit', 'a[href="/console/flow-configs"]'],
    ['/flow-configs?flow=checkout', 'a[href="/console/usage"]'],
  ])('A translated %s can be used and left', async (path, link) => {
    const failures = await openTranslated(path);
    for (const one of await page.locator('main select').all())
      await one.selectOption({ index: 1 }).catch(() => undefined);
    await page.locator(link).click();
    await page.locator('.loading').first().waitFor({ state: 'detached' });
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(failures).toEqual([]);
  });

  it('A part of the page that fails leaves a way to go on, and never nothing', async () => {
    page = await console.open('/secrets');
    // What no element of its own could help against: the whole page taken away under React.
    await page.evaluate(
      `document.querySelector('main').replaceChildren(); document.querySelector('a[href="/console/usage"]').click()`,
    );
    await page.getByRole('heading', { name: 'The console stopped' }).waitFor();
    await button('Reload').click();
    await page.getByRole('heading', { name: 'Usage', level: 1 }).waitFor();
  });

  it('Without a network a page says so, shows no skeleton for ever, and goes on by itself', async () => {
    page = await console.open('/secrets');
    await page.getByRole('row', { name: /SMTP_PASSWORD/ }).waitFor();
    // The other pages are there in advance by now.
    const isThere = `performance.getEntriesByType('resource').some(({ name }) => name.includes('audit-page'))`;
    while (!(await page.evaluate(isThere))) await page.waitForTimeout(100);
    await page.context().setOffline(true);
    await page.getByText('This browser is offline. What you see may be out of date').waitFor();
    await page.getByRole('link', { name: 'Packages' }).click();
    await page.getByText('This browser is offline. Connect it to the network').waitFor();
    expect(await page.locator('.loading').count()).toBe(0);
    await page.context().setOffline(false);
    await page.getByRole('row', { name: /my-org\/greeter/ }).waitFor();
    expect(await page.getByText('This browser is offline').count()).toBe(0);
  });

  it('Saving without a network says so, and keeps what was typed', async () => {
    page = await console.open('/secrets');
    await button('Add secret').click();
    await label('Name').fill('OFFLINE');
    await label('Value').fill('kept');
    await page.context().setOffline(true);
    await button('Save secret').click();
    await page.getByText('This browser is offline. Connect it to the network').waitFor();
    expect(await label('Value').inputValue()).toBe('kept');
    await page.context().setOffline(false);
    await button('Save secret').click();
    await page.getByText('OFFLINE was saved').waitFor();
  });
});
