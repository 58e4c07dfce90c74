/** The spec's section "Override a secret for one flow config" and the page's labels, in a real browser. */

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { as, bytes } from '../support/clients';
import { describeInBrowser } from './support/browser';
import { startConsole, type ConsoleUnderTest } from './support/console';
import { valuesOfNextExecution } from './support/executions';

describeInBrowser('Override a secret for one flow config', () => {
  let console: ConsoleUnderTest;
  let page: Page;

  beforeAll(async () => {
    console = await startConsole();
  });
  afterAll(() => console.stop());
  beforeEach(async () => {
    page = await console.open('/flow-configs');
  });
  afterEach(() => page.close());

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const label = (name: string) => page.getByLabel(name, { exact: true });

  async function pickTypedFlow(flowId: string): Promise<void> {
    await label('Flow').selectOption('Another flow…');
    await label('Flow ID').fill(flowId);
    await button('Open flow').click();
    await page.getByRole('heading', { name: `Profiles of ${flowId}` }).waitFor();
  }

  it('Where there are no secrets, an override’s name is typed: it may stand for a name that the tenant does not have', async () => {
    await pickTypedFlow('first');
    await button('+ New profile').click();
    await button('+ Add override').click();
    await label('Secret name').fill('ONLY_HERE');
    await label('Value').fill('from the config');
    await button('Save config').click();
    await page.getByText('Profile default was saved').waitFor();
    expect((await valuesOfNextExecution(console.service, 'first')).values).toEqual({
      ONLY_HERE: 'from the config',
    });
  });

  it('1. Go to Console → Flow Configs (/console/flow-configs)', async () => {
    await page.goto(`${console.origin}/console/secrets`);
    await page
      .getByRole('navigation', { name: 'Console' })
      .getByRole('link', { name: 'Flow Configs' })
      .click();
    await page.getByRole('heading', { name: 'Flow Configs', level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/console/flow-configs');
  });

  it('The Flow picker has Tenant default (all flows) selected at first', async () => {
    expect(
      await label('Flow').evaluate(
        (select) => (select as unknown as { selectedOptions: { text: string }[] }).selectedOptions[0]?.text,
      ),
    ).toBe('Tenant default (all flows)');
    expect(await label('Default node timeout (seconds)').isVisible()).toBe(true);
  });

  it('Default node timeout (seconds) is saved when the field loses focus, and reaches the next run', async () => {
    await label('Default node timeout (seconds)').fill('120');
    await page.keyboard.press('Tab');
    await page.getByText('In force: 120 s, your tenant’s default. Saved.').waitFor();
    expect((await valuesOfNextExecution(console.service)).nodeTimeoutSeconds).toBe(120);
  });

  it('An empty default node timeout goes back to the platform’s 300 seconds', async () => {
    await label('Default node timeout (seconds)').fill('');
    await page.keyboard.press('Tab');
    await page.getByText('In force: 300 s, the platform’s default. Saved.').waitFor();
    expect((await valuesOfNextExecution(console.service)).nodeTimeoutSeconds).toBe(300);
  });

  it.each(['0', '3601', '1.5', '-3'])(
    'A default node timeout of %s seconds is refused: it is 1 to 3600',
    async (seconds) => {
      await label('Default node timeout (seconds)').fill(seconds);
      await page.keyboard.press('Tab');
      await page.getByText('Enter whole seconds from 1 to 3600.').waitFor();
      expect((await valuesOfNextExecution(console.service)).nodeTimeoutSeconds).toBe(300);
    },
  );

  it('A flow that no execution has been seen of can be typed, and has no profiles yet', async () => {
    await pickTypedFlow('never/ran');
    await page.getByText('No profiles for this flow yet.', { exact: true }).waitFor();
  });

  it('A flow that ran is in the picker', async () => {
    await valuesOfNextExecution(console.service, 'ran-once');
    await page.reload();
    await label('Flow').selectOption('ran-once');
    await page.getByText('No profiles for this flow yet.').waitFor();
  });

  it('2. In a config’s form, open Secret overrides: pick the secret name and enter the override value', async () => {
    await console.admin.secrets.addSecret(
      { name: 'SIGNATURE', content: { case: 'value', value: bytes('tenant') } },
      as(console.service.adminApiKey),
    );
    await pickTypedFlow('greeting');
    await button('+ New profile').click();
    await label('Profile name').fill('loud');
    await label('Node timeout (s)').fill('45');
    await page.getByText('Secret overrides', { exact: true }).click();
    await button('+ Add override').click();
    await label('Secret name').selectOption('SIGNATURE');
    const value = label('Value');
    expect(await value.getAttribute('type')).toBe('password');
    await value.fill('LOUD');
    await button('Show').click();
    expect(await value.getAttribute('type')).toBe('text');
    await button('Save config').click();
    await page.getByText('Profile loud was saved').waitFor();
    const loud = await valuesOfNextExecution(console.service, 'greeting', 'loud');
    expect(loud).toEqual({ values: { SIGNATURE: 'LOUD' }, nodeTimeoutSeconds: 45 });
    expect((await valuesOfNextExecution(console.service, 'greeting')).values).toEqual({
      SIGNATURE: 'tenant',
    });
  });

  it('3. Save the config: the list shows which names a config overrides, never the values', async () => {
    await page.goto(`${console.origin}/console/flow-configs?flow=greeting`);
    const row = page.getByRole('row', { name: /loud/ });
    await row.waitFor();
    expect(await row.innerText()).toMatch(/45 s\s+SIGNATURE/);
    expect(await page.content()).not.toContain('LOUD');
  });

  it('A blank profile name becomes default, and an empty node timeout the tenant’s', async () => {
    await pickTypedFlow('blank');
    await button('+ New profile').click();
    await button('Save config').click();
    await page.getByText('Profile default was saved').waitFor();
    expect(await page.getByRole('row', { name: /default/ }).innerText()).toContain('Tenant default');
  });

  it('A standing override is replaced or removed from the same form', async () => {
    await page.goto(`${console.origin}/console/flow-configs?flow=greeting`);
    await button('Edit loud').click();
    await button('Replace the override of SIGNATURE').click();
    await label('New value for SIGNATURE').fill('LOUDER');
    await button('Save config').click();
    await page.getByText('Profile loud was saved').waitFor();
    expect((await valuesOfNextExecution(console.service, 'greeting', 'loud')).values).toEqual({
      SIGNATURE: 'LOUDER',
    });
    await button('Edit loud').click();
    await button('Remove the override of SIGNATURE').click();
    await page.getByText('Removed when you save').waitFor();
    await button('Save config').click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect((await valuesOfNextExecution(console.service, 'greeting', 'loud')).values).toEqual({
      SIGNATURE: 'tenant',
    });
  });

  it('When an override is refused, the rest is saved and the form says what to mend', async () => {
    await pickTypedFlow('partly');
    await button('+ New profile').click();
    await button('+ Add override').click();
    await label('Secret name').selectOption('Another name…');
    await label('Other name').fill('not a name');
    await label('Value').fill('kept in the form');
    await button('Save config').click();
    await page.getByText('has no spaces').waitFor();
    await label('Other name').fill('A_NAME');
    await page.route('**/SetSecretOverride', (route) => route.abort());
    await button('Save config').click();
    await page.getByText('The console cannot reach the service').waitFor();
    const { flowConfigs } = await console.admin.flowConfigs.listFlowConfigs(
      { flowId: 'partly' },
      as(console.service.adminApiKey),
    );
    expect(flowConfigs.map(({ profileName }) => profileName)).toEqual(['default']);
    expect(await label('Value').inputValue()).toBe('kept in the form');
    await page.unrouteAll();
    await button('Save config').click();
    await page.getByText('Profile default was saved').waitFor();
    expect((await valuesOfNextExecution(console.service, 'partly')).values).toMatchObject({
      A_NAME: 'kept in the form',
    });
  });

  it('The focus stays in the form and on the page when what had it goes', async () => {
    const focused = () => page.evaluate('document.activeElement.textContent');
    await pickTypedFlow('focus');
    expect(await label('Flow').evaluate((one) => one === one.ownerDocument.activeElement)).toBe(true);
    await button('+ New profile').click();
    await button('+ Add override').click();
    expect(await label('Secret name').evaluate((one) => one === one.ownerDocument.activeElement)).toBe(true);
    await button('Drop this override').click();
    expect(await focused()).toBe('+ Add override');
    await page.keyboard.press('Escape');
    expect(await focused()).toBe('+ New profile');
  });

  it('A profile name in use is said beside its field', async () => {
    await page.goto(`${console.origin}/console/flow-configs?flow=greeting`);
    await button('+ New profile').click();
    await label('Profile name').fill('loud');
    await button('Save config').click();
    await page.getByText('Flow greeting already has a profile loud').waitFor();
  });

  it('A deleted profile is gone for the next run', async () => {
    await page.goto(`${console.origin}/console/flow-configs?flow=greeting`);
    await button('Delete loud').click();
    await button('Delete profile').click();
    await page.getByText('Profile loud was deleted').waitFor();
    await expect(valuesOfNextExecution(console.service, 'greeting', 'loud')).rejects.toMatchObject({
      codeName: 'NOT_FOUND',
    });
  });

  it('A viewer sees the profiles and nothing to change them with', async () => {
    await page.close();
    page = await console.open('/flow-configs?flow=blank', await console.keyOf('viewer'));
    await page.getByRole('row', { name: /default/ }).waitFor();
    // Each button by what a screen reader calls it.
    const names = await page
      .getByRole('button')
      .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? one.textContent));
    expect(names).toEqual(['Log out', 'Log out everywhere', 'Copy the config_id of default']);
    await label('Flow').selectOption('Tenant default (all flows)');
    expect(await label('Default node timeout (seconds)').getAttribute('readonly')).toBe('');
  });
});
