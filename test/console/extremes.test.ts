/** Names as long as they may be and lists as long as they get, wide and 380 pixels narrow. */

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser } from './support/browser';
import { startConsole, type ConsoleUnderTest } from './support/console';
import { LONG, putLongNames } from './support/long-names';

describeInBrowser('Long names and long lists', () => {
  let console: ConsoleUnderTest;

  beforeAll(async () => {
    console = await startConsole({ reducedMotion: 'reduce' });
    await putLongNames(console);
  });
  afterAll(() => console.stop());

  async function showing(path: string, text: string, look: (page: Page) => Promise<void>): Promise<void> {
    const page = await console.open(path);
    try {
      await page.getByText(text).first().waitFor();
      await look(page);
    } finally {
      await page.close();
    }
  }

  it.each([
    ['/secrets', LONG.name],
    ['/usage', LONG.node],
    [`/flow-configs?flow=${LONG.flow}`, LONG.profile],
    ['/packages', LONG.package],
    [`/packages/${LONG.package}`, LONG.node],
    ['/audit', LONG.name],
  ])('%s fits the screen, and its first column can be read', (path, text) =>
    showing(path, text, async (page) => {
      const width = () => page.evaluate('document.documentElement.scrollWidth');
      expect(await width()).toBe(1_280);
      for (const cell of await page.locator('tbody th').all())
        expect((await cell.boundingBox())?.width).toBeGreaterThanOrEqual(180);
      await page.setViewportSize({ width: 380, height: 800 });
      // A table becomes cards once its new width was measured.
      await page.waitForFunction('document.documentElement.scrollWidth === 380').catch(() => undefined);
      expect(await width()).toBe(380);
    }),
  );

  it('A long list of secrets can be searched, on the Usage view too', async () => {
    for (const path of ['/secrets', '/usage']) {
      await showing(path, 'ONE_OF_MANY_29', async (page) => {
        await page.getByLabel('Find a secret').fill(' many_2');
        await page.getByRole('row', { name: /ONE_OF_MANY_3 / }).waitFor({ state: 'detached' });
        await page.getByText('11 of 31 secrets').waitFor({ state: 'attached' });
        await page.getByLabel('Find a secret').fill('nothing like it');
        await page.getByText('No name has “nothing like it” in it.').waitFor();
      });
    }
  });

  it('What nodes asked for under a name that no secret can have is in no list', () =>
    showing('/usage', LONG.name.slice(1), async (page) => {
      expect(await page.getByText('(not a secret name)').count()).toBe(0);
      const links = page.getByRole('table', { name: 'Asked for and not found' }).getByRole('link');
      expect(await links.evaluateAll((all) => all.map((link) => link.getAttribute('aria-label')))).toEqual([
        `Add secret ${LONG.name.slice(1)}`,
      ]);
    }));

  it('A profile that overrides many names shows some, and all when asked', () =>
    showing(`/flow-configs?flow=${LONG.flow}`, LONG.profile, async (page) => {
      expect(await page.locator('.chips li').count()).toBe(3);
      await page.getByRole('button', { name: 'Show all 21' }).click();
      expect(await page.locator('.chips li').count()).toBe(21);
    }));

  it('A confirmation that names many keeps its title and buttons in sight', () =>
    showing(`/flow-configs?flow=${LONG.flow}`, LONG.profile, async (page) => {
      await page.getByRole('button', { name: `Delete ${LONG.profile}` }).click();
      for (const role of ['heading', 'button'] as const) {
        const part = page.getByRole(role, { name: /^Delete profile/ });
        const box = await part.boundingBox();
        expect(box?.y).toBeGreaterThanOrEqual(0);
        expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(860);
      }
      await page.getByRole('list', { name: 'Names that it overrides' }).focus();
    }));
});
