/** Every page at every common width: nothing to press lies outside the screen, and no row is higher than a glance. */

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser } from './support/browser';
import { startConsole, type ConsoleUnderTest } from './support/console';
import { LONG, putLongNames } from './support/long-names';
import { seed } from './support/seed';

const WIDTHS = [320, 380, 761, 820, 980, 1024, 1440, 2560];
const MAX_ROW_HEIGHT = 160;

const PATHS = [
  '/secrets',
  '/usage',
  '/flow-configs',
  '/flow-configs?flow=checkout',
  '/packages',
  '/packages/my-org/greeter',
  '/api-keys',
  '/audit',
  '/nothing-here',
];
const LONG_PATHS = [
  '/secrets',
  '/usage',
  `/flow-configs?flow=${LONG.flow}`,
  '/packages',
  `/packages/${LONG.package}`,
  '/api-keys',
  '/audit',
];

/** What lies outside the page's width, or is cut off where it cannot be scrolled to, and rows with their heights. */
const MEASURE = `(() => {
  const outside = [];
  for (const control of document.querySelectorAll('a[href], button, input, select, textarea')) {
    if (control.closest('.visually-hidden, [hidden]') || control.matches('.skip')) continue;
    const { left, right, width } = control.getBoundingClientRect();
    if (width > 0 && (left < 0 || right > document.documentElement.clientWidth + 0.5))
      outside.push((control.getAttribute('aria-label') ?? control.textContent) + ': ' + Math.round(left) + ' to ' + Math.round(right));
  }
  const rows = [...document.querySelectorAll('tbody tr:not(.gap)')].map((row) => ({
    name: row.querySelector('th').textContent.slice(0, 40),
    height: Math.round(row.getBoundingClientRect().height),
  }));
  const cut = [...document.querySelectorAll('.account dd, tbody time')].filter((text) => {
    const beyond = text.closest('tr') !== null && text.getBoundingClientRect().right > text.closest('tr').getBoundingClientRect().right;
    return text.getClientRects().length > 0 && (beyond || text.scrollWidth > text.clientWidth + 1 && getComputedStyle(text).display !== 'inline');
  }).map((text) => text.textContent);
  const cells = [...document.querySelectorAll('tbody th')].map((cell) => Math.round(cell.getBoundingClientRect().width));
  return { outside, cut, rows, narrowest: Math.min(...cells), scrollWidth: document.documentElement.scrollWidth, width: document.documentElement.clientWidth };
})()`;

interface Measured {
  readonly outside: readonly string[];
  /** Texts of which a part does not show. */
  readonly cut: readonly string[];
  readonly rows: readonly { readonly name: string; readonly height: number }[];
  readonly narrowest: number;
  readonly scrollWidth: number;
  readonly width: number;
}

describeInBrowser('The console at every width', () => {
  let short: ConsoleUnderTest;
  let long: ConsoleUnderTest;

  beforeAll(async () => {
    const still = { reducedMotion: 'reduce' } as const;
    // Times are longer there than in most languages: `8:43:58 PM`.
    const american = { ...still, locale: 'en-US' };
    [short, long] = await Promise.all([startConsole(american), startConsole(still)]);
    await Promise.all([seed(short), putLongNames(long)]);
    await short.keyOf('viewer');
  });
  afterAll(() => Promise.all([short.stop(), long.stop()]));

  async function measureAll(console: ConsoleUnderTest, path: string): Promise<Map<number, Measured>> {
    const page = await console.open(path);
    try {
      await settled(page);
      const found = new Map<number, Measured>();
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        // What follows the width has been rendered once two frames have passed.
        await page.evaluate(
          'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))',
        );
        found.set(width, (await page.evaluate(MEASURE)) as Measured);
      }
      return found;
    } finally {
      await page.close();
    }
  }

  it.each(PATHS)('%s with ordinary names', async (path) => {
    for (const [width, { outside, cut, rows, scrollWidth, width: inner }] of await measureAll(short, path)) {
      expect({ width, outside, cut, tooWide: scrollWidth > inner }).toEqual({
        width,
        outside: [],
        cut: [],
        tooWide: false,
      });
      expect({ width, high: rows.filter(({ height }) => height > MAX_ROW_HEIGHT) }).toEqual({
        width,
        high: [],
      });
    }
  });

  it.each(LONG_PATHS)('%s with names as long as they may be', async (path) => {
    for (const [width, { outside, narrowest, scrollWidth, width: inner }] of await measureAll(long, path)) {
      expect({ width, outside, tooWide: scrollWidth > inner }).toEqual({
        width,
        outside: [],
        tooWide: false,
      });
      expect({ width, isNarrow: narrowest < 120 }).toEqual({ width, isNarrow: false });
    }
  });

  it.each([
    ['/secrets', 'Add secret'],
    ['/secrets', 'Delete ANTHROPIC_API_KEY'],
    ['/flow-configs?flow=checkout', 'Edit europe'],
    ['/api-keys', 'Create key'],
    ['/api-keys', 'Revoke first admin key'],
  ])('%s: the dialog of %s fits at every width, and at 200 % zoom', async (path, name) => {
    const page = await short.open(path);
    try {
      await settled(page);
      await page.getByRole('button', { name, exact: true }).click();
      // A browser at 200 % has half the pixels of a 640 by 720 window.
      for (const [width, height] of [...WIDTHS.map((one) => [one, 900]), [320, 360]] as [number, number][]) {
        await page.setViewportSize({ width, height });
        const dialog = await page.getByRole('dialog').boundingBox();
        expect(dialog?.x).toBeGreaterThanOrEqual(0);
        expect((dialog?.x ?? 0) + (dialog?.width ?? 0)).toBeLessThanOrEqual(width);
        const inner = 'document.querySelector("dialog")';
        expect(await page.evaluate(`${inner}.scrollWidth <= ${inner}.clientWidth`)).toBe(true);
        const cancel = page.getByRole('button', { name: 'Cancel' });
        await cancel.scrollIntoViewIfNeeded();
        const box = await cancel.boundingBox();
        expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(height);
      }
    } finally {
      await page.close();
    }
  });
});

async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.locator('.loading').first().waitFor({ state: 'detached' });
  await page.evaluate('document.fonts.ready.then(() => undefined)');
}
