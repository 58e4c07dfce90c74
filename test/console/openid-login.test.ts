/** Logging in with OpenID Connect against a real provider: who comes in, as what, and who does not. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { parseOidc, type OidcFlags } from '../../src/cli/serve-oidc';
import { parseTenantId } from '../../src/domain/ids';
import { principalOf } from '../../src/server/oidc/principal';
import { parseReturnTo } from '../../src/server/oidc/flow';
import type { OidcConfig } from '../../src/server/oidc/config';
import { describeInBrowser } from './support/browser';
import { startConsole, type ConsoleUnderTest } from './support/console';
import { send } from './support/http';
import { startOpenIdProvider, type OpenIdProvider } from './support/openid-provider';

const CLIENT_SECRET = 'the client’s secret at the provider'.replaceAll(/\W/g, '-');
const FLOW = '__Host-axiom-oidc';
const ROLES = [
  { value: 'secret-viewers', role: 'viewer' },
  { value: 'secret-admins', role: 'admin' },
] as const;

describeInBrowser('Logging in with an OpenID provider', () => {
  const folder = mkdtempSync(join(tmpdir(), 'axiom-oidc-'));
  let provider: OpenIdProvider | undefined;
  let console: ConsoleUnderTest;
  let page: Page | undefined;

  beforeAll(async () => {
    provider = await startOpenIdProvider();
    const clientSecretFile = join(folder, 'client-secret');
    writeFileSync(clientSecretFile, `${CLIENT_SECRET}\n`, { mode: 0o600 });
    const client = {
      issuer: provider.issuer,
      clientId: 'axiom-console',
      clientSecretFile,
      displayName: 'Example ID',
    };
    const access = { tenantId: parseTenantId('default'), roleClaim: 'groups', roles: ROLES };
    console = await startConsole({}, { oidc: { ...client, ...access } });
    await provider.admit({
      redirectUri: `${console.origin}/console/oidc/callback`,
      clientSecret: CLIENT_SECRET,
    });
  });
  afterAll(async () => {
    await provider?.stop();
    await console.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    await page?.close();
    page = undefined;
  });

  /** Says who one is at the provider, up to its last question. */
  async function enter(person: string, path = '/usage'): Promise<Page> {
    page = await console.freshPage();
    await page.goto(`${console.origin}/console${path}`);
    await page.getByRole('link', { name: 'Log in with Example ID' }).click();
    await page.locator('[name=login]').fill(person);
    await page.locator('[name=password]').fill('any');
    await page.locator('[type=submit]').click();
    await page.getByRole('button', { name: 'Continue' }).waitFor();
    return page;
  }

  async function logInAs(person: string): Promise<Page> {
    const shown = await enter(person);
    await shown.getByRole('button', { name: 'Continue' }).click();
    return shown;
  }

  it('lets a person in with the role that the mapping gives, on the page that was asked for', async () => {
    const shown = await logInAs('ada');
    await shown.getByRole('heading', { name: 'Usage', level: 1 }).waitFor();
    expect(await shown.getByRole('banner').innerText()).toMatch(/Ada Lovelace\s*admin/);
    await shown.reload();
    await shown.getByRole('heading', { name: 'Usage', level: 1 }).waitFor();
  });

  it('goes on to the very page that was asked for, with its query', async () => {
    const shown = await enter('ada', '/secrets?name=ASKED_FOR');
    await shown.getByRole('button', { name: 'Continue' }).click();
    await shown.getByRole('dialog', { name: 'Add secret' }).waitFor();
    expect(await shown.getByLabel('Name', { exact: true }).inputValue()).toBe('ASKED_FOR');
  });

  it('lets a viewer see, and not change', async () => {
    const shown = await logInAs('vic');
    await shown.getByRole('heading', { name: 'Usage', level: 1 }).waitFor();
    await shown.getByRole('link', { name: 'Secrets' }).click();
    await shown.getByText('No secrets yet.').waitFor();
    expect(await shown.getByRole('button', { name: 'Add secret' }).count()).toBe(0);
  });

  it('refuses a person whom the mapping does not name: it fails closed', async () => {
    const shown = await logInAs('eve');
    await shown.getByText('nobody has let you into this console yet').waitFor();
    const names = (await shown.context().cookies(console.origin)).map(({ name }) => name);
    expect(names.filter((name) => name.includes('axiom'))).toEqual([]);
  });

  it('keeps state, nonce and PKCE in a short-lived cookie that scripts cannot read', async () => {
    const { status, headers } = await send(console.service.console, '/console/oidc/start');
    const query = new URL(headers.location ?? '').searchParams;
    expect(status).toBe(302);
    expect(query.get('code_challenge_method')).toBe('S256');
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(query.get(name)?.length).toBeGreaterThan(30);
    expect(headers['set-cookie']?.[0]).toMatch(
      /^__Host-axiom-oidc=[\w-]+; Path=\/; Max-Age=600; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  it('takes nobody into another person’s log-in: the answer belongs to the browser that asked', async () => {
    const asked = await enter('ada');
    const cookieOf = async () => (await asked.context().cookies()).find(({ name }) => name === FLOW)?.value;
    const own = `${FLOW}=${await cookieOf()}`;
    // Without the cookie the answer is refused before its code is spent.
    await asked.context().clearCookies({ name: FLOW });
    const answered = asked.waitForRequest(/oidc\/callback/);
    await asked.getByRole('button', { name: 'Continue' }).click();
    const { search } = new URL((await answered).url());
    await asked.waitForURL(/login=failed/);

    const bring = (cookie: string) =>
      send(console.service.console, `/console/oidc/callback${search}`, { headers: { cookie } });
    const victim = await send(console.service.console, '/console/oidc/start');
    const refused = await bring(victim.headers['set-cookie']?.[0]?.split(';')[0] ?? '');
    expect(refused.headers.location).toBe('/console/secrets?login=failed');
    expect(refused.headers['set-cookie']?.join()).not.toContain('axiom-session');
    const taken = await bring(own);
    expect(taken.headers.location).toBe('/console/usage');
    expect(taken.headers['set-cookie']?.join()).toContain('axiom-session');
  });

  it.each([
    ['nobody’s log-in under way', undefined],
    ['another log-in’s state', 'state=forged&code=x'],
  ])('takes no answer of the provider for %s', async (_what, query) => {
    const start = await send(console.service.console, '/console/oidc/start');
    const cookie = start.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const headers: Record<string, string> = query === undefined ? {} : { cookie };
    const answer = await send(
      console.service.console,
      `/console/oidc/callback?${query ?? 'state=x&code=x'}`,
      { headers },
    );
    expect(answer.headers.location).toBe('/console/secrets?login=failed');
    expect(answer.headers['set-cookie']?.join()).not.toContain('axiom-session');
  });

  it('goes on with a form whose session ended, after a log-in in another tab', async () => {
    const shown = await logInAs('ada');
    await shown.getByRole('link', { name: 'Secrets' }).click();
    await shown.getByRole('button', { name: 'Add secret' }).click();
    await shown.getByLabel('Name', { exact: true }).fill('HALF_TYPED');
    await shown.getByLabel('Value', { exact: true }).fill('typed');
    await shown.context().clearCookies();
    await shown.getByRole('button', { name: 'Save secret' }).click();
    const opened = shown.waitForEvent('popup');
    await shown.getByRole('link', { name: 'Log in with Example ID' }).click();
    const tab = await opened;
    await tab.locator('[name=login]').fill('ada');
    await tab.locator('[name=password]').fill('any');
    await tab.locator('[type=submit]').click();
    await tab.getByRole('button', { name: 'Continue' }).click();
    await tab.getByRole('heading', { name: 'Secrets', level: 1 }).waitFor();
    await tab.close();
    // As when its window comes to the front, which a browser without a screen does not tell.
    await shown.evaluate("window.dispatchEvent(new Event('focus'))");
    await shown.getByRole('button', { name: 'Save secret' }).click();
    await shown.getByText('HALF_TYPED was saved').waitFor();
  });

  it('writes no token, code or client secret to the log', () => {
    const log = console.service.log.join('');
    expect(log).not.toContain(CLIENT_SECRET);
    expect(log).not.toMatch(/eyJ|code=|id_token/);
  });
});

describe('Who an ID token lets in', () => {
  const config = { tenantId: parseTenantId('t'), roleClaim: 'groups', roles: ROLES } as unknown as OidcConfig;
  const role = (claims: object, over: Partial<OidcConfig> = {}) =>
    principalOf({ sub: 's', ...claims }, { ...config, ...over })?.role;

  it('takes the highest role that the claim’s values give', () => {
    expect(role({ groups: ['secret-viewers', 'secret-admins'] })).toBe('admin');
    expect(role({ groups: 'secret-viewers' })).toBe('viewer');
  });

  it.each([
    {},
    { groups: [] },
    { groups: ['other'] },
    { groups: null },
    { groups: { admin: true } },
    { groups: ['SECRET-ADMINS'] },
  ])('lets nobody in for %j', (claims) => {
    expect(role(claims)).toBeUndefined();
  });

  it('lets nobody in whose subject is longer than OpenID Connect allows', () => {
    expect(role({ groups: 'secret-viewers', sub: 's'.repeat(255) })).toBe('viewer');
    expect(role({ groups: 'secret-viewers', sub: 's'.repeat(256) })).toBeUndefined();
  });

  it('takes an e-mail address only where the provider has verified it', () => {
    const byMail = { roleClaim: 'email', roles: [{ value: 'a@b.c', role: 'editor' as const }] };
    expect(role({ email: 'a@b.c', email_verified: true }, byMail)).toBe('editor');
    expect(role({ email: 'a@b.c', email_verified: false }, byMail)).toBeUndefined();
    expect(role({ email: 'a@b.c' }, byMail)).toBeUndefined();
  });

  it.each(['/console', '/console/flow-configs?flow=a%2Fb', '/console/secrets?name=A_B.c-d&x=1'])(
    'goes on to %s',
    (path) => expect(parseReturnTo(path)).toBe(path),
  );

  it.each([
    'https://evil.example',
    '//evil.example',
    '/console/../x',
    '/console//evil.example',
    '/elsewhere',
    '/console/x?y=//z',
    '/console/x?y=\r\nset-cookie:a',
    `/console/x?y=${'z'.repeat(2_000)}`,
  ])('goes on to a page of the console only, not to %s', (path) =>
    expect(parseReturnTo(path)).toBe('/console/secrets'),
  );
});

describe('axiom serve --oidc-…', () => {
  const flags: OidcFlags = {
    oidcTenant: 'default',
    oidcRoleClaim: 'groups',
    oidcRole: ['a=b=admin'],
    oidcIssuer: 'https://id.example',
    oidcClientId: 'c',
  };

  it('needs issuer, client and at least one role together', () => {
    expect(parseOidc({ oidcTenant: 'default', oidcRoleClaim: 'groups', oidcRole: [] })).toBeUndefined();
    expect(parseOidc(flags)).toMatchObject({
      displayName: 'id.example',
      roles: [{ value: 'a=b', role: 'admin' }],
    });
    const { oidcClientId: _, ...withoutClient } = flags;
    expect(() => parseOidc(withoutClient)).toThrow('go together');
    expect(() => parseOidc({ ...flags, oidcRole: [] })).toThrow('nobody could log in');
  });

  it.each(['admins', 'admins=root', '=admin'])('refuses the mapping %s', (role) => {
    expect(() => parseOidc({ ...flags, oidcRole: [role] })).toThrow('VALUE=ROLE');
  });

  it('speaks plain http with a provider on this machine only', () => {
    expect(parseOidc({ ...flags, oidcIssuer: 'http://127.0.0.1:9/' })?.issuer).toBe('http://127.0.0.1:9/');
    expect(() => parseOidc({ ...flags, oidcIssuer: 'http://id.example' })).toThrow('https');
  });
});
