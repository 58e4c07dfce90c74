/** The Sessions page, in a real browser. */

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeInBrowser } from './support/browser';
import { startConsole, type ConsoleUnderTest } from './support/console';
import { openSession, send } from './support/http';

describeInBrowser('Sessions', () => {
  let console: ConsoleUnderTest;

  beforeAll(async () => {
    console = await startConsole();
  });
  afterAll(() => console.stop());

  it('An admin sees everybody’s, ends one, and is logged out on ending their own', async () => {
    const rawKey = await console.keyOf('viewer', 'somebody else');
    const cookie = await openSession(console.service.console, rawKey);
    const status = async () =>
      (await send(console.service.console, '/console/session', { headers: { cookie } })).status;
    const page = await console.open('/sessions');
    const theirs = page.getByRole('row', { name: /somebody else/ });
    await theirs.waitFor();
    expect(await page.getByRole('row', { name: /this session/ }).count()).toBe(1);
    expect(await status()).toBe(200);
    await theirs.getByRole('button').click();
    await page.getByRole('button', { name: 'End session' }).click();
    await page.getByText('somebody else’s session was ended.').waitFor();
    await theirs.waitFor({ state: 'detached' });
    expect(await status()).toBe(401);
    await page
      .getByRole('row', { name: /this session/ })
      .getByRole('button')
      .click();
    await page.getByRole('button', { name: 'End session' }).click();
    await page.getByRole('button', { name: 'Log in' }).waitFor();
    await page.close();
  });

  it('A viewer sees their own only', async () => {
    const rawKey = await console.keyOf('viewer', 'a viewer');
    await openSession(console.service.console, console.service.adminApiKey);
    const page = await console.open('/sessions', rawKey);
    await page.getByRole('row', { name: /a viewer/ }).waitFor();
    expect(await page.getByRole('row').count()).toBe(2);
    await page.close();
  });
});
