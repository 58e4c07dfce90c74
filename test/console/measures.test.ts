/** How fast the console is: printed for a person to read. Only what no machine's speed changes is held to a number. */

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { CDPSession, Page } from 'playwright-core';
import { as, bytes } from '../support/clients';
import { describeInBrowser } from './support/browser';
import { startConsole, type ConsoleUnderTest } from './support/console';
import { seed } from './support/seed';

const MAX_LOAD_BYTES = 200 * 1024;
/** Core Web Vitals call 0.1 good. */
const MAX_SHIFT = 0.02;
const CPU_SLOWDOWN = 4;
/** So long a person keeps a button down: what happens at its going down is painted before it comes up. */
const PRESS = { delay: 80 };

const PATHS = ['/secrets', '/usage', '/flow-configs?flow=checkout', '/packages', '/api-keys', '/audit'];

/** Set before the page's own scripts run. */
const OBSERVE = `
  window.measured = { shift: 0, shifts: [], paint: 0, interactions: [] };
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
    if (entry.hadRecentInput) return;
    measured.shift += entry.value;
    measured.shifts.push(entry.value.toFixed(3) + ' ' + entry.sources.map(({ node }) => node?.parentElement?.className + '>' + (node?.className ?? node?.nodeName)).join(' | '));
  })).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => { measured.paint = entry.startTime; }))
    .observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
    if (entry.interactionId) measured.interactions.push({ name: entry.name, ms: entry.duration });
  })).observe({ type: 'event', buffered: true, durationThreshold: 16 });
`;

interface Measured {
  readonly shift: number;
  readonly shifts: readonly string[];
  readonly paint: number;
  readonly interactions: readonly { readonly name: string; readonly ms: number }[];
}

const measured = (page: Page) => page.evaluate('window.measured') as Promise<Measured>;
/** Whatever was still to be painted has been. */
const settle = (page: Page) =>
  page.evaluate(
    'new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 300))',
  );

function print(line: string): void {
  process.stderr.write(`console: ${line}\n`);
}

describeInBrowser('The console, measured', () => {
  let few: ConsoleUnderTest;
  let many: ConsoleUnderTest;

  beforeAll(async () => {
    [few, many] = await Promise.all([startConsole(), startConsole()]);
    await seed(few);
    await Promise.all([addNames(few, 36), addNames(many, 1_000)]);
    for (const { browser } of [few, many]) await browser.context.addInitScript(OBSERVE);
  });
  afterAll(() => Promise.all([few.stop(), many.stop()]));

  it('a first load of the Secrets page takes 200 KB at most', async () => {
    const page = await few.open('/secrets');
    await page.getByRole('row', { name: /ANTHROPIC_API_KEY/ }).waitFor();
    await page.evaluate('document.fonts.ready.then(() => undefined)');
    const sizes = (await page.evaluate(
      `[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map((one) => one.encodedBodySize)`,
    )) as number[];
    const total = sizes.reduce((sum, size) => sum + size, 0);
    print(`first load ${(total / 1024).toFixed(0)} KB compressed`);
    expect(total).toBeLessThan(MAX_LOAD_BYTES);
    await page.close();
  });

  it.each(PATHS)('%s stays where it is while it loads', async (path) => {
    const page = await few.open(path);
    await page.locator('.loading').first().waitFor({ state: 'detached' });
    await settle(page);
    const { shift, shifts, paint } = await measured(page);
    print(`${path}: layout shift ${shift.toFixed(3)}, largest paint after ${Math.round(paint)} ms`);
    expect({ path, isStill: shift <= MAX_SHIFT, ...(shift > MAX_SHIFT && { shifts }) }).toEqual({
      path,
      isStill: true,
    });
    await page.close();
  });

  it.each([40, 1_000])(
    'answers quickly with %s names on a CPU of a quarter of this one’s speed',
    async (count) => {
      const page = await (count === 40 ? few : many).open('/secrets');
      await page.locator('tbody tr').nth(5).waitFor();
      await settle(page);
      const session: CDPSession = await page.context().newCDPSession(page);
      await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
      await page.getByLabel('Find a secret').click(PRESS);
      await page.keyboard.type('7', { delay: 200 });
      await page.keyboard.press('Backspace', { delay: 200 });
      await page.getByRole('button', { name: 'Add secret', exact: true }).click(PRESS);
      await page.keyboard.type('NEW_ONE', { delay: 150 });
      await page.keyboard.press('Tab');
      await page.keyboard.type('a value', { delay: 150 });
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Discard' }).click(PRESS);
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page
        .getByRole('button', { name: /^Delete / })
        .first()
        .click(PRESS);
      await page.locator('.button.danger:not([aria-disabled])').waitFor();
      await page.keyboard.press('Escape');
      await settle(page);
      const { interactions } = await measured(page);
      const worst = [...interactions].sort((a, b) => b.ms - a.ms).slice(0, 3);
      print(
        `${count} names at ${CPU_SLOWDOWN} × CPU: worst interactions ${worst.map(({ name, ms }) => `${ms} ms (${name})`).join(', ')}; ${interactions.length} in all`,
      );
      // What is far from the screen is not in the document: rendering all thousand took 1,700 ms.
      expect(await page.locator('tbody tr:not(.gap)').count()).toBeLessThanOrEqual(60);
      await page.close();
    },
  );
});

async function addNames({ admin, service }: ConsoleUnderTest, count: number): Promise<void> {
  const names = Array.from(
    { length: count },
    (_, index) => `SERVICE_${String(index).padStart(4, '0')}_API_KEY`,
  );
  for (let from = 0; from < count; from += 50)
    await Promise.all(
      names
        .slice(from, from + 50)
        .map((name) =>
          admin.secrets.addSecret(
            { name, content: { case: 'value', value: bytes('x') } },
            as(service.adminApiKey),
          ),
        ),
    );
}
