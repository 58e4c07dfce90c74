// Saves values in the console as a person does, in a real browser.

import { existsSync } from 'node:fs';

const EXECUTABLES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

/**
 * @returns the bodies of every answer that the browser got; `missing` says why nothing was saved, where nothing was.
 */
export async function saveInBrowser(address, apiKey, entries) {
  const executablePath = EXECUTABLES.find((path) => existsSync(path));
  if (executablePath === undefined) return { answers: [], missing: 'this machine has no Chromium' };
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  const bodies = [];
  try {
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    page.on('response', (response) => bodies.push(response.body().catch(() => Buffer.alloc(0))));
    await page.goto(`https://${address}/console/secrets`);
    await page.getByLabel('API key').fill(apiKey);
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    for (const [name, value] of entries) {
      await page.getByRole('button', { name: 'Add secret', exact: true }).click();
      await page.getByLabel('Name', { exact: true }).fill(name);
      await page.getByLabel('Value', { exact: true }).fill(value);
      await page.getByRole('button', { name: 'Save secret', exact: true }).click();
      await page.getByText(`${name} was saved`).waitFor();
    }
    return { answers: await Promise.all(bodies), missing: undefined };
  } finally {
    await browser.close();
  }
}
