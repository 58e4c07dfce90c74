/** A running service, what stands in it, and a browser before its console. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { Role } from '../../../src/gen/axiom/access/v1/access_pb';
import { as, managementClients } from '../../support/clients';
import { startTestService, type TestService } from '../../support/service';
import { openBrowser, type TestBrowser } from './browser';
import { openSession } from './http';

const INDEX = join(__dirname, '..', '..', '..', 'dist', 'console', 'index.html');

export interface ConsoleUnderTest {
  readonly service: TestService;
  readonly browser: TestBrowser;
  readonly admin: ReturnType<typeof managementClients>;
  /** `https://host:port`. */
  readonly origin: string;
  /** Makes an API key of the role. */
  keyOf(role: 'viewer' | 'editor' | 'admin', displayName?: string): Promise<string>;
  /** A new page without anybody's session. */
  freshPage(): Promise<Page>;
  /** A new page with a session, at the path below /console. */
  open(path: string, apiKey?: string): Promise<Page>;
  stop(): Promise<void>;
}

const ROLES = { viewer: Role.VIEWER, editor: Role.EDITOR, admin: Role.ADMIN };

export async function startConsole(
  options: Parameters<typeof openBrowser>[0] = {},
  config: Parameters<typeof startTestService>[0] = {},
): Promise<ConsoleUnderTest> {
  if (!existsSync(INDEX)) throw new Error('the console is not built; run: npm run build');
  const service = await startTestService(config);
  const admin = managementClients(service);
  const browser = await openBrowser(options);
  const origin = `https://${service.console}`;
  const freshPage = async () => {
    await browser.context.clearCookies();
    return browser.context.newPage();
  };
  return {
    ...{ service, browser, admin, origin, freshPage },
    async keyOf(role, displayName = role) {
      const { rawKey } = await admin.access.createApiKey(
        { displayName, role: ROLES[role] },
        as(service.adminApiKey),
      );
      return rawKey;
    },
    async open(path, apiKey = service.adminApiKey) {
      const page = await freshPage();
      const [name = '', value = ''] = (await openSession(service.console, apiKey)).split('=');
      await browser.context.addCookies([
        { name, value, url: origin, secure: true, httpOnly: true, sameSite: 'Strict' },
      ]);
      await page.goto(`${origin}/console${path}`);
      await page.getByRole('navigation', { name: 'Console' }).waitFor();
      return page;
    },
    async stop() {
      await browser.remove();
      admin.close();
      await service.stop();
    },
  };
}

/** Logs in as a person does. */
export async function logIn(page: Page, apiKey: string): Promise<void> {
  await page.getByLabel('API key').fill(apiKey);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.getByRole('navigation', { name: 'Console' }).waitFor();
}
