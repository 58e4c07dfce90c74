/** Every page and state, light, dark and 380 pixels wide: free of axe findings, and pictured for a person to look at. */

import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser } from './support/browser';
import { logIn, startConsole, type ConsoleUnderTest } from './support/console';
import { seed } from './support/seed';
import { EMPTY_STATES, STATES, type State } from './support/states';

const SCREENSHOTS = join(__dirname, '..', '..', 'test-output', 'screenshots');
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const NARROW = { width: 380, height: 800 };

interface Finding {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

describeInBrowser('Every page and state of the console', () => {
  let empty: ConsoleUnderTest;
  let seeded: ConsoleUnderTest;
  const keys: { admin: string; viewer: string } = { admin: '', viewer: '' };

  beforeAll(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    [empty, seeded] = await Promise.all([startConsole(), startConsole()]);
    await seed(seeded);
    keys.viewer = await seeded.keyOf('viewer');
    keys.admin = seeded.service.adminApiKey;
  });

  afterAll(() => Promise.all([empty.stop(), seeded.stop()]));

  it.each(STATES.map((state): [string, State] => [state.name, state]))('%s', async (_name, state) => {
    await look(seeded, state, state.as === undefined ? undefined : keys[state.as]);
  });

  it.each(EMPTY_STATES.map((state): [string, State] => [state.name, state]))('%s', async (_name, state) => {
    await look(empty, state, empty.service.adminApiKey);
  });
});

async function look(console: ConsoleUnderTest, { name, path, reach }: State, apiKey: string | undefined): Promise<void> {
  const page = await console.freshPage();
  try {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await page.goto(`${console.origin}/console${path}`);
    if (apiKey !== undefined) await logIn(page, apiKey);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.locator('.loading').first().waitFor({ state: 'detached' });
    await reach?.(page);
    await page.evaluate('document.fonts.ready.then(() => undefined)');
    const findings: Record<string, unknown> = {};
    findings['light'] = await picture(page, name, 'light');
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    findings['dark'] = await picture(page, name, 'dark');
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await page.setViewportSize(NARROW);
    findings['380'] = await picture(page, name, '380');
    expect(findings).toEqual({ light: [], dark: [], 380: [] });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(NARROW.width);
  } finally {
    await page.close();
  }
}

/** Writes a screenshot. @returns what axe finds. */
async function picture(page: Page, name: string, look: string): Promise<string[]> {
  await page.screenshot({ path: join(SCREENSHOTS, `${name}-${look}.png`), fullPage: look === '380' });
  await page.evaluate(AXE);
  const findings = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations)')) as Finding[];
  return findings.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}
