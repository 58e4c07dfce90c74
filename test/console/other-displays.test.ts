/** The console for whoever sees it otherwise: with colours of their own, twice as large, on paper, or without scripts. */

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { as, bytes } from '../support/clients';
import { describeInBrowser, openBrowser } from './support/browser';
import { startConsole, type ConsoleUnderTest } from './support/console';

describeInBrowser('The console', () => {
  let console: ConsoleUnderTest;
  beforeAll(async () => {
    console = await startConsole();
  });
  afterAll(() => console.stop());

  it('keeps the edges of its dialogs, fields and buttons under forced colours', async () => {
    const page = await console.open('/secrets');
    await page.emulateMedia({ forcedColors: 'active' });
    await page.getByRole('button', { name: 'Add secret', exact: true }).click();
    const edgeOf = (selector: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((element) => {
          const style = element.ownerDocument.defaultView?.getComputedStyle(element);
          return `${style?.borderTopStyle} ${Number.parseFloat(style?.borderTopWidth ?? '0') > 0}`;
        });
    for (const selector of ['dialog[open]', 'dialog input', 'dialog .button.primary'])
      expect([selector, await edgeOf(selector)]).toEqual([selector, 'solid true']);
    await page.close();
  });

  it('at 200 % on a screen of 1280 pixels fits its width, dialog included', async () => {
    const page = await console.open('/secrets');
    await page.setViewportSize({ width: 640, height: 430 });
    await page.getByRole('button', { name: 'Add secret', exact: true }).click();
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    const save = page.getByRole('button', { name: 'Save secret', exact: true });
    await save.scrollIntoViewIfNeeded();
    const box = await save.boundingBox();
    expect(box !== null && box.x >= 0 && box.x + box.width <= 640 && box.y + box.height <= 430).toBe(true);
    await page.close();
  });

  it('prints every row of a long list, without what is only pressed', async () => {
    const secrets = Array.from({ length: 150 }, (_, index) => ({
      name: `NAME_${String(index).padStart(3, '0')}`,
      content: { case: 'value' as const, value: bytes('value') },
    }));
    await console.admin.secrets.importSecrets({ secrets }, as(console.service.adminApiKey));
    const page = await console.open('/secrets');
    await page.getByRole('row', { name: /NAME_000/ }).waitFor();
    expect(await page.locator('tbody tr[data-key]').count()).toBeLessThan(100);
    await page.emulateMedia({ media: 'print' });
    await page.locator('tr[data-key="NAME_149"]').waitFor();
    expect(await page.locator('tbody tr[data-key]').count()).toBe(150);
    expect(await page.getByRole('button', { name: 'Add secret', exact: true }).count()).toBe(0);
    expect(await page.getByRole('navigation').count()).toBe(0);
    await page.close();
  });

  it('says what it needs where scripts are off', async () => {
    const browser = await openBrowser({ javaScriptEnabled: false });
    try {
      const page = await browser.context.newPage();
      await page.goto(`${console.origin}/console/secrets`);
      expect(await page.locator('body').innerText()).toMatch(/JavaScript/);
    } finally {
      await browser.remove();
    }
  });
});
