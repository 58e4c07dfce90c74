/** The system's Chromium for the console's tests, and what to say where there is none. */

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from '@jest/globals';
import { chromium, type BrowserContext, type BrowserContextOptions } from 'playwright-core';

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

export async function openBrowser(options: BrowserContextOptions = {}): Promise<TestBrowser> {
  const profile = mkdtempSync(join(tmpdir(), 'axiom-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: EXECUTABLE,
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
  if (EXECUTABLE !== undefined) return void describe(name, suite);
  const reason = 'there is no Chromium on this machine (apt-get install chromium)';
  if (process.env['AXIOM_REQUIRE_BROWSER'] === '1') {
    describe(name, () => {
      it('runs in a browser', () => {
        throw new Error(reason);
      });
    });
    return;
  }
  process.stderr.write(`skipped: ${name}: ${reason}\n`);
  describe.skip(name, suite);
}
