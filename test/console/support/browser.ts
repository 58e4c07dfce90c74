/** The system's Chromium for the console's tests, and what to say where there is none. */

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';
import { describeIf } from '../../support/needs';

const EXECUTABLE = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
].find((path) => existsSync(path));

/** Without these Chromium looks for its maker's hosts at every start. */
const ALONE = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A browser with a profile of its own on disk. */
export interface TestBrowser {
  readonly context: BrowserContext;
  readonly profile: string;
  /** Closes the browser; its profile stays. */
  close(): Promise<void>;
  /** Closes the browser and removes its profile. */
  remove(): Promise<void>;
}

type LaunchOptions = NonNullable<Parameters<typeof chromium.launchPersistentContext>[1]>;

export async function openBrowser(options: LaunchOptions = {}): Promise<TestBrowser> {
  const profile = mkdtempSync(join(tmpdir(), 'axiom-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    ...(EXECUTABLE !== undefined && { executablePath: EXECUTABLE }),
    args: ALONE,
    ignoreHTTPSErrors: true,
    locale: 'en-GB',
    timezoneId: 'Europe/Vienna',
    viewport: { width: 1280, height: 860 },
    ...options,
  });
  context.setDefaultTimeout(60_000);
  const close = () => context.close();
  return {
    context,
    profile,
    close,
    async remove() {
      await close();
      // Chromium's last processes may still be writing.
      rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

/** `describe` where there is a Chromium. Without one it says so, or fails where AXIOM_REQUIRE_BROWSER=1. */
export function describeInBrowser(name: string, suite: () => void): void {
  const missing =
    EXECUTABLE === undefined ? 'no Chromium is on this machine (apt-get install chromium)' : undefined;
  describeIf(missing, process.env['AXIOM_REQUIRE_BROWSER'] === '1', name, suite);
}
