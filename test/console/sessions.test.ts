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

  it('Log out everywhere keeps the keyboard where it is while it is at work, and says when it failed', async () => {
    const page = await console.open('/sessions');
    const button = page.getByRole('button', { name: 'Log out everywhere' });
    let fail = () => {};
    const failed = new Promise<void>((resolve) => (fail = resolve));
    await page.route('**/EndSessions', (route) => void failed.then(() => route.abort()));
    await button.focus();
    await page.keyboard.press('Enter');
    const isFocused = (element: HTMLElement) => element === element.ownerDocument.activeElement;
    const busy = page.getByRole('button', { name: 'Logging out…' });
    await busy.waitFor();
    expect(await busy.evaluate(isFocused)).toBe(true);
    fail();
    await page.getByRole('alert').waitFor();
    expect(await button.evaluate(isFocused)).toBe(true);
    await page.unroute('**/EndSessions');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Log in' }).waitFor();
    await page.close();
  });
});
