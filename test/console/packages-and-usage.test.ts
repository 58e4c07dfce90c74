/** What packages declare, what a tenant lacks of it, and what nodes really read, in a real browser. */

import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser } from './support/browser';
import { startConsole, type ConsoleUnderTest } from './support/console';
import { seed } from './support/seed';

describeInBrowser('Packages and usage', () => {
  let console: ConsoleUnderTest;
  let page: Page;

  beforeAll(async () => {
    console = await startConsole();
    await seed(console);
  });
  afterAll(() => console.stop());
  afterEach(() => page.close());

  const rowTexts = async (table: string) => {
    await page.getByRole('table', { name: table }).waitFor();
    const rows = await page.getByRole('table', { name: table }).locator('tbody tr').allInnerTexts();
    return rows.map((text) => text.replaceAll(/\s+/g, ' ').trim());
  };

  it('The listing shows a package’s required_secrets, and which of them the tenant lacks', async () => {
    page = await console.open('/packages');
    const [clock, greeter] = await rowTexts('Packages');
    expect(clock).toMatch(/^my-org\/clock 2\.4\.0 Go None$/);
    expect(greeter).toMatch(
      /^my-org\/greeter .*0\.1\.0 Python DEEPL_TOKEN , missing ANTHROPIC_API_KEY , registered GREETER_SIGNATURE , registered$/,
    );
  });

  it('A package shows required_secrets per node, and which of them the tenant has or lacks', async () => {
    page = await console.open('/packages');
    await page.getByRole('link', { name: 'my-org/greeter' }).click();
    expect(await rowTexts('Required secrets')).toEqual([
      'ANTHROPIC_API_KEY Translate Registered',
      'DEEPL_TOKEN Translate Missing Add secret',
      'GREETER_SIGNATURE Greet Registered',
    ]);
    const [greet, translate] = await rowTexts('Nodes');
    expect(greet).toContain('GREETER_SIGNATURE , registered');
    expect(translate).toContain('DEEPL_TOKEN , missing ANTHROPIC_API_KEY , registered');
  });

  it('The link of a missing secret opens Add secret with the name filled in', async () => {
    page = await console.open('/packages/my-org/greeter');
    await page.getByRole('link', { name: 'Add secret DEEPL_TOKEN' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add secret' });
    expect(await dialog.getByLabel('Name', { exact: true }).inputValue()).toBe('DEEPL_TOKEN');
    await page.keyboard.type('typed into the value');
    expect(await dialog.getByLabel('Value', { exact: true }).inputValue()).toBe('typed into the value');
    await page.keyboard.press('Escape');
    expect(new URL(page.url()).search).toBe('');
  });

  it('An older version can be looked at', async () => {
    page = await console.open('/packages/my-org/greeter');
    await page.getByLabel('Version', { exact: true }).selectOption('0.0.9');
    await page.waitForURL(/version=0\.0\.9/);
    await page.getByRole('table', { name: 'Nodes' }).waitFor();
  });

  it('The Usage view tells when and by which package and node each secret was last read', async () => {
    page = await console.open('/usage');
    const [anthropic, greeter, orders] = await rowTexts('Reads');
    expect(anthropic).toMatch(/^ANTHROPIC_API_KEY .+ Greet in my-org\/greeter@0\.1\.0 3$/);
    expect(greeter).toMatch(/ 1,204$/);
    expect(orders).toBe('ORDERS_DATABASE_URL Never — 0');
  });

  it('The Usage view tells which names were asked for and not found, with the nearest registered name', async () => {
    page = await console.open('/usage');
    const [missed] = await rowTexts('Asked for and not found');
    expect(missed).toMatch(
      /^ANTROPIC_API_KEY Is ANTHROPIC_API_KEY meant\? .+ Greet in my-org\/greeter@0\.1\.0 2/,
    );
  });

  it('The Usage view can show only secrets that were not read for some days', async () => {
    page = await console.open('/usage');
    await page.getByLabel('Show', { exact: true }).selectOption('Not read for 30 days');
    // Two were never read, which is no reading: what can truly be said is that they are young.
    await page
      .getByText('2 secrets were read in that time; 2 secrets were added in that time, and not read so far.')
      .waitFor();
    await page.getByLabel('Show', { exact: true }).selectOption('Never read');
    await page.getByRole('row', { name: /ORDERS_DATABASE_URL/ }).waitFor();
    expect((await rowTexts('Reads')).map((row) => row.split(' ')[0])).toEqual([
      'ORDERS_DATABASE_URL',
      'SMTP_PASSWORD',
    ]);
    // What narrows the list stands in the address.
    await page.reload();
    expect(await page.getByLabel('Show', { exact: true }).inputValue()).toBe('never');
  });

  it('Delete says when and by what the secret was last read, what runs with it and which packages do', async () => {
    page = await console.open('/secrets');
    await page.getByRole('button', { name: 'Delete GREETER_SIGNATURE' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('1 execution holds its value.').waitFor();
    expect(await dialog.innerText()).toMatch(/Last read\s.+ by Greet in my-org\/greeter@0\.1\.0/);
    expect(
      await dialog.getByRole('list', { name: 'Packages that run here and declare it' }).innerText(),
    ).toBe('my-org/greeter@0.1.0');
  });

  it('Replace says the same before it replaces', async () => {
    page = await console.open('/secrets?name=SMTP_PASSWORD');
    await page.getByLabel('Value', { exact: true }).fill('new');
    await page.getByRole('button', { name: 'Save secret' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('No read has been reported.').waitFor();
    await dialog.getByText('1 execution holds its value.').waitFor();
  });

  it('The audit log tells an admin who did what', async () => {
    page = await console.open('/audit');
    expect(await rowTexts('Audit log')).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^secret\.add .+ SMTP_PASSWORD tenant .+ management door, 127\.0\.0\.1 OK$/),
        expect.stringMatching(
          /^secret\.read × 1,204 .+ GREETER_SIGNATURE .+, welcome .+ execution door, 127\.0\.0\.1 OK$/,
        ),
      ]),
    );
    const actions = (await rowTexts('Audit log')).map((row) => row.split(' ')[0]);
    const offered = await page.getByLabel('Action', { exact: true }).locator('option').allInnerTexts();
    expect(offered).toEqual(expect.arrayContaining([...actions, 'session.open', 'package.unpublish']));
    await page.getByLabel('Only what was done to').fill('reeter_sig');
    await page.keyboard.press('Enter');
    await page
      .getByRole('row', { name: /SMTP_PASSWORD/ })
      .first()
      .waitFor({ state: 'detached' });
    expect((await rowTexts('Audit log')).every((row) => row.includes('GREETER_SIGNATURE'))).toBe(true);
    await page.getByLabel('Action', { exact: true }).selectOption('secret.read');
    await page.getByRole('row', { name: /secret\.add/ }).waitFor({ state: 'detached' });
    expect((await rowTexts('Audit log')).length).toBe(1);
    // All of it stands in the address.
    expect(new URL(page.url()).search).toBe('?part=reeter_sig&action=secret.read');
    await page.reload();
    expect((await rowTexts('Audit log')).length).toBe(1);
    await page.getByLabel('Outcome', { exact: true }).selectOption('Denied');
    await page.getByText('Nothing like it has happened.').waitFor();
  });
});
