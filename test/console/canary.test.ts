/** Canary: after saving, a value is nowhere that a browser or anybody beside it could find it. */

import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser } from './support/browser';
import { startConsole, type ConsoleUnderTest } from './support/console';
import { valuesOfNextExecution } from './support/executions';

const SECRET = `CANARY-secret-${randomBytes(12).toString('hex')}`;
const REPLACED = `CANARY-replaced-${randomBytes(12).toString('hex')}`;
const OVERRIDE = `CANARY-override-${randomBytes(12).toString('hex')}`;
const FORGOTTEN = `CANARY-forgotten-${randomBytes(12).toString('hex')}`;
const CANARIES = [SECRET, REPLACED, OVERRIDE, FORGOTTEN];
/** What the page itself would have kept in its storage: the sweep of the disk must find it. */
const KEPT = `kept-${randomBytes(12).toString('hex')}`;

/** Everything that a page's scripts can read back: text, attributes, what stands in fields, and every storage. */
const READ_BACK = `(async () => {
  const fields = [...document.querySelectorAll('input, textarea, select')].map((field) => field.value);
  const databases = await Promise.all((await indexedDB.databases()).map(({ name }) => name));
  const caches_ = 'caches' in self ? await caches.keys() : [];
  return JSON.stringify([
    document.documentElement.outerHTML, fields, { ...localStorage }, { ...sessionStorage }, databases, caches_,
    document.cookie, location.href, history.state, document.title, performance.getEntries().map(({ name }) => name),
  ]);
})()`;

describeInBrowser('Canary: a value that was saved in the console', () => {
  let console: ConsoleUnderTest;
  let page: Page;
  const answers: Buffer[] = [];
  const urls: string[] = [];
  const bodies: Buffer[] = [];
  const said: string[] = [];

  beforeAll(async () => {
    console = await startConsole();
    page = await console.open('/secrets');
    page.on('request', (request) => {
      urls.push(request.url(), JSON.stringify(request.headers()));
      bodies.push(request.postDataBuffer() ?? Buffer.alloc(0));
    });
    page.on(
      'response',
      (response) =>
        void response.body().then(
          (body) => answers.push(body),
          () => undefined,
        ),
    );
    page.on('console', (message) => said.push(message.text()));
    await saveAndReplace();
    await saveOverride();
  });
  afterAll(() => console.stop());

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const label = (name: string) => page.getByLabel(name, { exact: true });

  // Typed key by key: what Playwright fills in by script would stay in Playwright's own script.
  async function type(field: string, text: string): Promise<void> {
    await label(field).focus();
    await page.keyboard.type(text);
  }

  async function saveAndReplace(): Promise<void> {
    await button('Add secret').click();
    await type('Name', 'WATCHED');
    await type('Value', SECRET);
    await button('Show').click();
    await button('Save secret').click();
    await page.getByText('WATCHED was saved').waitFor();
    await button('Add secret').click();
    await type('Name', 'WATCHED');
    await type('Value', REPLACED);
    await button('Save secret').click();
    await button('I understand, replace it').click();
    await page.getByText('WATCHED was replaced').waitFor();
  }

  async function saveOverride(): Promise<void> {
    await page.getByRole('link', { name: 'Flow Configs' }).click();
    await label('Flow').selectOption('Another flow…');
    await label('Flow ID').fill('watched');
    await button('Open flow').click();
    await button('+ New profile').click();
    await button('+ Add override').click();
    await label('Secret name').selectOption('WATCHED');
    await type('Value', OVERRIDE);
    await button('Show').click();
    await button('Save config').click();
    await page.getByText('Profile default was saved').waitFor();
  }

  it('is stored: the next execution reads it', async () => {
    expect((await valuesOfNextExecution(console.service)).values).toEqual({ WATCHED: REPLACED });
    expect((await valuesOfNextExecution(console.service, 'watched')).values).toEqual({ WATCHED: OVERRIDE });
  });

  it('is not in the DOM, nor in a field, the address, the history, localStorage, sessionStorage, IndexedDB or a cookie', async () => {
    for (const path of ['/flow-configs?flow=watched', '/secrets']) {
      await page.goto(`${console.origin}/console${path}`);
      await page.getByText('WATCHED', { exact: true }).first().waitFor();
      expectNoCanary((await page.evaluate(READ_BACK)) as string);
    }
    expectNoCanary(JSON.stringify(await page.context().cookies()));
    await button('Add secret').click();
    expect(await label('Value').inputValue()).toBe('');
  });

  it('leaves the browser sealed: it is in no request', () => {
    // What is sent of a write besides the value is there, so bodies are seen.
    expect(bodies.filter((body) => body.includes('WATCHED')).length).toBeGreaterThan(3);
    for (const body of bodies) expectNoCanary(body.toString('latin1'));
  });

  it('is in no answer, no address and no console message', () => {
    expect(answers.length).toBeGreaterThan(5);
    for (const answer of answers) expectNoCanary(answer.toString('latin1'));
    expectNoCanary([...urls, ...said].join('\n'));
  });

  it('is not in the service’s log', () => expectNoCanary(console.service.log.join('')));

  it('has left the page’s memory', async () => {
    const fresh = await console.open('/secrets');
    page = fresh;
    await button('Add secret').click();
    await type('Name', 'FORGOTTEN');
    await type('Value', FORGOTTEN);
    await button('Save secret').click();
    await page.getByText('FORGOTTEN was saved').waitFor();
    expectNoCanary(await heapOf(page));
  });

  it('is not in the browser’s profile on disk', async () => {
    await page.evaluate(`localStorage.setItem('kept', '${KEPT}')`);
    await console.browser.close();
    const contents = filesBelow(console.browser.profile).map((path) => readFileSync(path));
    const isOnDisk = (text: string) =>
      contents.some((content) => formsOf(text).some((form) => content.includes(form)));
    expect(isOnDisk(KEPT)).toBe(true);
    for (const canary of CANARIES)
      expect([canary.split('-')[1], isOnDisk(canary)]).toEqual([canary.split('-')[1], false]);
  });
});

/** How a browser may write a text: as UTF-8, as UTF-16, or inside base64. */
function formsOf(text: string): Buffer[] {
  const base64 = Buffer.from(text).toString('base64').slice(0, 40);
  return [Buffer.from(text), Buffer.from(text, 'utf16le'), Buffer.from(base64)];
}

function expectNoCanary(text: string): void {
  for (const canary of CANARIES) expect(text.includes(canary)).toBe(false);
}

/** Every string on the page's heap, after everything that nothing holds has been collected. */
async function heapOf(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await session.detach();
  return chunks.join('');
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    // Chromium's locks are links to nowhere.
    const status = statSync(path, { throwIfNoEntry: false });
    if (status === undefined) return [];
    if (status.isDirectory()) return filesBelow(path);
    return status.isFile() ? [path] : [];
  });
}
