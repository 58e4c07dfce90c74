/** Names as long as they may be and lists as long as they get, wide and 380 pixels narrow. */

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { Page } from 'playwright-core';
import { ReportReadsRequestSchema } from '../../src/gen/axiom/executions/v1/executions_pb';
import { as, bytes, executionClients } from '../support/clients';
import { describeInBrowser } from './support/browser';
import { startConsole, type ConsoleUnderTest } from './support/console';

const NAME = 'A_NAME_AS_LONG_AS_IT_MAY_BE_'.padEnd(128, 'X');
const FLOW = 'f'.repeat(128);
const PROFILE = 'p'.repeat(64);
const PACKAGE = `my-org/${'without-end-'.repeat(8)}x`;
const NODE = `Node${'Long'.repeat(15)}`;
const MANIFEST = `name: ${PACKAGE}
version: 1.0.0-beta.20260101+build.5
language: csharp
nodes:
  - {name: ${NODE}, input: ${NODE}Request, output: ${NODE}Reply, required_secrets: [${NAME}, LACKING_ONE]}
`;

describeInBrowser('Long names and long lists', () => {
  let console: ConsoleUnderTest;

  beforeAll(async () => {
    console = await startConsole({ reducedMotion: 'reduce' });
    const { admin, service } = console;
    const key = as(service.adminApiKey);
    for (const name of [NAME, ...Array.from({ length: 30 }, (_, index) => `ONE_OF_MANY_${index}`)])
      await admin.secrets.addSecret({ name, value: bytes('x') }, key);
    const { flowConfig } = await admin.flowConfigs.createFlowConfig(
      { flowId: FLOW, profileName: PROFILE },
      key,
    );
    const configId = flowConfig?.configId ?? '';
    for (const name of [NAME, ...Array.from({ length: 20 }, (_, index) => `OVERRIDE_${index}`)])
      await admin.flowConfigs.setSecretOverride({ configId, name, value: bytes('x') }, key);
    await admin.packages.publishPackage({ manifest: bytes(MANIFEST) }, key);
    await reportReads();
  });
  afterAll(() => console.stop());

  async function reportReads(): Promise<void> {
    const engine = executionClients(console.service, 'engine');
    const sidecar = executionClients(console.service, 'sidecar');
    const { executionToken } = await engine.executions.startExecution({ tenantId: 'default', flowId: FLOW });
    const read = (name: string, found: boolean) => ({
      ...{ name, found, count: 1, package: PACKAGE, packageVersion: '1.0.0', node: NODE },
      lastReadTime: timestampFromMs(Date.now()),
    });
    const reads = [read(NAME, true), read(NAME.slice(1), false), read('no secret could be named so', false)];
    await sidecar.executions.reportReads(
      create(ReportReadsRequestSchema, { executions: [{ executionToken, reads }] }),
    );
    engine.close();
    sidecar.close();
  }

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
    ['/secrets', NAME],
    ['/usage', NODE],
    [`/flow-configs?flow=${FLOW}`, PROFILE],
    ['/packages', PACKAGE],
    [`/packages/${PACKAGE}`, NODE],
    ['/audit', NAME],
  ])('%s fits the screen, and its first column can be read', (path, text) =>
    showing(path, text, async (page) => {
      const width = () => page.evaluate('document.documentElement.scrollWidth');
      expect(await width()).toBe(1_280);
      for (const cell of await page.locator('tbody th').all())
        expect((await cell.boundingBox())?.width).toBeGreaterThanOrEqual(180);
      await page.setViewportSize({ width: 380, height: 800 });
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

  it('What is no secret’s name has no link that adds it', () =>
    showing('/usage', '(not a secret name)', async (page) => {
      const links = page.getByRole('table', { name: 'Asked for and not found' }).getByRole('link');
      expect(await links.evaluateAll((all) => all.map((link) => link.getAttribute('aria-label')))).toEqual([
        `Add secret ${NAME.slice(1)}`,
      ]);
    }));

  it('A profile that overrides many names shows some, and all when asked', () =>
    showing(`/flow-configs?flow=${FLOW}`, PROFILE, async (page) => {
      expect(await page.locator('.chips li').count()).toBe(8);
      await page.getByRole('button', { name: 'Show all 21' }).click();
      expect(await page.locator('.chips li').count()).toBe(21);
    }));

  it('A confirmation that names many keeps its title and buttons in sight', () =>
    showing(`/flow-configs?flow=${FLOW}`, PROFILE, async (page) => {
      await page.getByRole('button', { name: `Delete ${PROFILE}` }).click();
      for (const role of ['heading', 'button'] as const) {
        const part = page.getByRole(role, { name: /^Delete profile/ });
        const box = await part.boundingBox();
        expect(box?.y).toBeGreaterThanOrEqual(0);
        expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(860);
      }
      await page.getByRole('list', { name: 'Names that it overrides' }).focus();
    }));
});
