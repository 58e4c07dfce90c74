/** The built app as the door serves it: small, compressed, cached by content hash, and strict about what may run. */

import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestService, type TestService } from '../support/service';
import { describeInBrowser } from './support/browser';
import { logIn, startConsole, type ConsoleUnderTest } from './support/console';
import { openSession, send } from './support/http';

const BUDGET_BYTES = 200 * 1024;

describe('The built app', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService();
  });
  afterAll(() => service.stop());

  const get = (path: string, headers: Record<string, string> = {}) =>
    send(service.console, path, { headers });
  const script = async () => /src="([^"]+\.js)"/.exec((await get('/console/')).body.toString())?.[1] ?? '';

  it('is one page at every path of the console', async () => {
    for (const path of [
      '/console',
      '/console/secrets',
      '/console/packages/my-org/greeter',
      '/console/packages/my-org/greeter.js',
    ]) {
      const answer = await get(path);
      expect([answer.status, answer.headers['content-type'], answer.headers['cache-control']]).toEqual([
        200,
        'text/html; charset=utf-8',
        'no-store',
      ]);
    }
    expect((await get('/')).headers.location).toBe('/console/secrets');
  });

  it('has nothing at other paths, nor outside its folder', async () => {
    for (const path of [
      '/console/missing.js',
      '/console/../package.json',
      '/console/%2e%2e/package.json',
      '/etc/passwd',
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
  });

  it('is read, and nothing else', async () => {
    const headers = { origin: `https://${service.console}` };
    const answer = await send(service.console, '/console/secrets', { method: 'POST', headers });
    expect(answer.status).toBe(405);
  });

  it('is compressed, and cached for ever by a hash of its content', async () => {
    for (const encoding of ['br', 'gzip']) {
      const { headers } = await get(await script(), { 'accept-encoding': encoding });
      expect(headers['content-encoding']).toBe(encoding);
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    }
  });

  it('is not sent again to whoever has it', async () => {
    const { headers } = await get(await script());
    expect((await get(await script(), { 'if-none-match': headers.etag ?? '' })).status).toBe(304);
  });

  it('leaves nothing of any other answer in a cache', async () => {
    const cookie = await openSession(service.console, service.adminApiKey);
    const origin = `https://${service.console}`;
    const proto = { cookie, origin, 'content-type': 'application/proto' };
    const answers = await Promise.all([
      get('/'),
      get('/console/secrets'),
      get('/console/session'),
      get('/console/session', { cookie }),
      get('/console/login-methods'),
      get('/console/missing.js'),
      send(service.console, '/console/secrets', { method: 'POST', headers: { origin } }),
      send(service.console, '/axiom.access.v1.AccessService/WhoAmI', { method: 'POST', headers: proto }),
      send(service.console, '/axiom.access.v1.AccessService/WhoAmI', { method: 'POST', headers: { origin } }),
      send(service.console, '/console/session', { method: 'DELETE', headers: { cookie, origin } }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([302, 200, 401, 200, 200, 404, 405, 200, 415, 200]);
    expect(answers.map(({ headers }) => headers['cache-control'])).toEqual(answers.map(() => 'no-store'));
  });

  it('tells the browser at the log-out to drop what it keeps of the console', async () => {
    const cookie = await openSession(service.console, service.adminApiKey);
    const headers = { cookie, origin: `https://${service.console}` };
    const { headers: told } = await send(service.console, '/console/session', { method: 'DELETE', headers });
    expect(told['clear-site-data']).toBe('"cache", "storage"');
  });

  it.each(['/console/secrets', '/console/session', '/nothing'])(
    '%s: may run no inline script or style, nor be framed',
    async (path) => {
      const { headers } = await get(path);
      const policy = headers['content-security-policy'] ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("style-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("require-trusted-types-for 'script'; trusted-types 'none'");
      expect(policy).not.toMatch(/unsafe|https?:|data:|\*/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['strict-transport-security']).toMatch(/^max-age=\d{7,}/);
    },
  );

  it('holds no inline script or style', async () => {
    const html = (await get('/console/')).body.toString();
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
  });
});

describeInBrowser('The app in a browser', () => {
  let console: ConsoleUnderTest;
  beforeAll(async () => {
    console = await startConsole();
  });
  afterAll(() => console.stop());

  it('loads under 200 KB compressed, from nobody but the service, and breaks no policy', async () => {
    const page = await console.freshPage();
    const urls: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => urls.push(request.url()));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${console.origin}/console/secrets`);
    await page.getByLabel('API key').waitFor();
    await page.evaluate('document.fonts.ready.then(() => undefined)');
    expect(urls.filter((url) => !url.startsWith(`${console.origin}/`))).toEqual([]);
    let total = 0;
    for (const url of new Set(urls)) {
      const { body, headers } = await send(console.service.console, new URL(url).pathname);
      // A font is compressed as it is.
      total += headers['content-type'] === 'font/woff2' ? body.length : gzipSync(body).length;
    }
    process.stderr.write(`first load of the console: ${(total / 1024).toFixed(0)} KB gzipped\n`);
    expect(total).toBeLessThan(BUDGET_BYTES);
    // Nobody is logged in yet, and the browser tells of that answer.
    expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
    await page.close();
  });

  it('lets another site’s page do nothing with the session', async () => {
    const page = await console.open('/secrets');
    const outcome = await page
      .context()
      .newPage()
      .then(async (other) => {
        await other.goto('data:text/html,<p>another site</p>');
        const result = await other.evaluate(
          `fetch('${console.origin}/console/session', { method: 'DELETE', credentials: 'include' }).then(() => 'answered', () => 'refused')`,
        );
        await other.close();
        return result;
      });
    expect(outcome).toBe('refused');
    await page.reload();
    await page.getByRole('heading', { name: 'Secrets', level: 1 }).waitFor();
    await page.close();
  });

  it('logs out for good: the way back shows the log-in page', async () => {
    const page = await console.open('/secrets');
    await page.getByRole('link', { name: 'Usage' }).click();
    await page.getByRole('heading', { name: 'Usage', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Log out', exact: true }).click();
    await page.getByText('You are logged out.').waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Log in to Axiom Secrets' }).waitFor();
    expect((await page.context().cookies()).map(({ name }) => name)).toEqual([]);
    await page.close();
  });

  it('goes on, after the log-in, to the page that was asked for', async () => {
    const page = await console.freshPage();
    await page.goto(`${console.origin}/console/flow-configs?flow=asked-for`);
    await logIn(page, console.service.adminApiKey);
    await page.getByRole('heading', { name: 'Profiles of asked-for' }).waitFor();
    await page.close();
  });

  it('moves the focus to a page’s title when one goes there', async () => {
    const page = await console.open('/secrets');
    await page.getByRole('link', { name: 'Packages' }).click();
    await page.getByRole('heading', { name: 'Packages', level: 1 }).waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Packages');
    expect(await page.title()).toBe('Packages · Axiom Secrets');
    await page.close();
  });
});
