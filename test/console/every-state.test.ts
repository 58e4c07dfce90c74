/** Every page and state, light, dark and 380 pixels wide: free of axe findings, and pictured for a person to look at. */

import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { parseTenantId } from '../../src/domain/ids';
import { describeInBrowser } from './support/browser';
import { startConsole, type ConsoleUnderTest } from './support/console';
import { seed } from './support/seed';
import { EMPTY_STATES, STATES, type State } from './support/states';

const SCREENSHOTS = join(__dirname, '..', '..', 'test-output', 'screenshots');
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
/** Nobody logs in with it here: only its button is looked at. */
const OIDC = {
  ...{
    issuer: 'https://id.example',
    clientId: 'console',
    clientSecretFile: undefined,
    displayName: 'Example ID',
  },
  ...{ tenantId: parseTenantId('default'), roleClaim: 'groups', roles: [] },
};
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
    const still = { colorScheme: 'light', reducedMotion: 'reduce' } as const;
    [empty, seeded] = await Promise.all([startConsole(still, { oidc: OIDC }), startConsole(still)]);
    await seed(seeded);
    keys.viewer = await seeded.keyOf('viewer');
    keys.admin = seeded.service.adminApiKey;
  });

  afterAll(() => Promise.all([empty.stop(), seeded.stop()]));

  it.each(STATES.map((state): [string, State] => [state.name, state]))('%s', async (_name, state) => {
    await look(seeded, state, state.as === undefined ? undefined : keys[state.as]);
  });

  it.each(EMPTY_STATES.map((state): [string, State] => [state.name, state]))('%s', async (_name, state) => {
    await look(empty, state, state.as === undefined ? undefined : empty.service.adminApiKey);
  });
});

async function look(
  console: ConsoleUnderTest,
  { name, path, reach }: State,
  apiKey: string | undefined,
): Promise<void> {
  const page = apiKey === undefined ? await console.freshPage() : await console.open(path, apiKey);
  try {
    if (apiKey === undefined) await page.goto(`${console.origin}/console${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.locator('.loading').first().waitFor({ state: 'detached' });
    await reach?.(page);
    // A page's own code is loaded when it is first asked for.
    await page.locator('h1').first().waitFor({ state: 'attached' });
    await page.evaluate('document.fonts.ready.then(() => undefined)');
    await page.evaluate(AXE);
    const light = await picture(page, name, 'light');
    // Only colours differ in the dark.
    await page.emulateMedia({ colorScheme: 'dark' });
    const dark = await picture(page, name, 'dark', ['color-contrast']);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize(NARROW);
    const narrow = await picture(page, name, '380');
    expect({ light, dark, narrow }).toEqual({ light: [], dark: [], narrow: [] });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(NARROW.width);
  } finally {
    await page.close();
  }
}

/** Writes a screenshot. @param rules of axe; undefined: all. @returns what axe finds. */
async function picture(page: Page, name: string, look: string, rules?: readonly string[]): Promise<string[]> {
  await page.screenshot({ path: join(SCREENSHOTS, `${name}-${look}.png`), fullPage: look === '380' });
  const options = JSON.stringify({ resultTypes: ['violations'], ...(rules && { runOnly: rules }) });
  const findings = (await page.evaluate(
    `axe.run(document, ${options}).then(({ violations }) => violations)`,
  )) as Finding[];
  return findings.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  );
}
