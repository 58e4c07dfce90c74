/** A program that an OpenID provider knows calls the management door without an API key of ours. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWTPayload } from 'jose';
import { parseTenantId } from '../../src/domain/ids';
import type { OidcConfig } from '../../src/server/oidc/config';
import { createIdTokenAuthenticator, type IdTokenParts } from '../../src/server/oidc/id-token';
import { startOpenIdProvider, type OpenIdProvider } from '../console/support/openid-provider';
import { as, bytes, managementClients } from '../support/clients';
import { startTestService, type TestService } from '../support/service';

const CLIENT_ID = 'axiom-console';
const ROLES = [
  { value: 'my-org/app', role: 'editor' },
  { value: 'my-org/audit', role: 'viewer' },
] as const;

let provider: OpenIdProvider;
let service: TestService;
let clients: ReturnType<typeof managementClients>;
let signingKey: CryptoKey;

const configOf = (issuer: string, more: Partial<OidcConfig> = {}): OidcConfig => ({
  ...{ issuer, clientId: CLIENT_ID, clientSecretFile: undefined, displayName: 'Example ID' },
  ...{ tenantId: parseTenantId('default'), roleClaim: 'repository', roles: ROLES },
  ...more,
});

beforeAll(async () => {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  signingKey = privateKey;
  const key = { ...(await exportJWK(privateKey)), kid: 'test', alg: 'ES256', use: 'sig' };
  provider = await startOpenIdProvider();
  await provider.admit({
    redirectUri: 'https://localhost/console/oidc/callback',
    clientSecret: 'unused',
    jwks: { keys: [key] },
  });
  service = await startTestService({ oidc: configOf(provider.issuer) });
  clients = managementClients(service);
});

afterAll(async () => {
  clients.close();
  await service.stop();
  await provider.stop();
});

const NEVER_ENDING = { exp: undefined } as unknown as JWTPayload;
const CLAIMS = { sub: 'repo:my-org/app', repository: 'my-org/app' };

/** A token signed with the provider's own key: all of it can be wrong but the signature. */
const token = (claims: JWTPayload = {}, key = signingKey) =>
  new SignJWT({ ...CLAIMS, iss: provider.issuer, aud: CLIENT_ID, iat: now(), exp: now() + 300, ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: 'test' })
    .sign(key);
const now = () => Math.floor(Date.now() / 1_000);
const whoAmI = (credential: string) => clients.access.whoAmI({}, as(credential));

describe('An ID token of the provider', () => {
  it('lets a program in as the mapping says, and the audit log names it', async () => {
    const jwt = await token();
    const { receipt } = await clients.secrets.addSecret(
      { name: 'FROM_CI', content: { case: 'value', value: bytes('v') } },
      as(jwt),
    );
    expect(receipt?.name).toBe('FROM_CI');
    await expect(clients.access.listApiKeys({}, as(jwt))).rejects.toMatchObject({
      codeName: 'PERMISSION_DENIED',
    });
    const { events } = await clients.audit.listAuditEvents({ action: 'secret.add' }, as(service.adminApiKey));
    expect(events[0]).toMatchObject({ principal: 'oidc:repo:my-org/app', resource: 'FROM_CI' });
  });

  it('may be for several audiences where it says that it was made for us', async () => {
    const aud = [CLIENT_ID, 'another'];
    await expect(whoAmI(await token({ aud, azp: CLIENT_ID }))).resolves.toMatchObject({
      tenantId: 'default',
    });
    await expect(whoAmI(await token({ aud }))).rejects.toMatchObject({ codeName: 'UNAUTHENTICATED' });
  });

  it.each([
    ['is over', { exp: 1_700_000_000 }],
    ['is not in force yet', { nbf: 4_000_000_000 }],
    ['never ends', NEVER_ENDING],
    ['is for another service', { aud: 'another' }],
    ['comes from another issuer', { iss: 'https://issuer.example.com' }],
    ['names nobody', { sub: '' }],
  ])('that %s proves nobody', async (_what: string, claims: JWTPayload) => {
    await expect(whoAmI(await token(claims))).rejects.toMatchObject({ codeName: 'UNAUTHENTICATED' });
  });

  it('that the provider did not sign proves nobody', async () => {
    const claims = { ...CLAIMS, iss: provider.issuer, aud: CLIENT_ID, iat: now(), exp: now() + 300 };
    const stranger = await generateKeyPair('ES256');
    const shared = new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'test' })
      .sign(new Uint8Array(32));
    for (const forged of [
      await token({}, stranger.privateKey),
      await shared,
      new UnsecuredJWT(claims).encode(),
    ]) {
      await expect(whoAmI(forged)).rejects.toMatchObject({ codeName: 'UNAUTHENTICATED' });
    }
  });

  it('of somebody whom no mapping lets in is refused, and says whom to ask', async () => {
    const jwt = await token({ repository: 'somebody/else' });
    await expect(whoAmI(jwt)).rejects.toMatchObject({
      codeName: 'PERMISSION_DENIED',
      message: expect.stringContaining('operator'),
    });
  });

  it('is worth nothing where the provider is not set up, or its tenant is not there', async () => {
    const jwt = await token();
    for (const oidc of [undefined, configOf(provider.issuer, { tenantId: parseTenantId('nobody') })]) {
      const other = await startTestService({ oidc });
      const door = managementClients(other);
      await expect(door.access.whoAmI({}, as(jwt))).rejects.toMatchObject({
        codeName: oidc === undefined ? 'UNAUTHENTICATED' : 'PERMISSION_DENIED',
      });
      door.close();
      await other.stop();
    }
  });

  it('is not believed while the provider cannot be asked for its keys', async () => {
    const broken = createServer((_request, response) => response.writeHead(500).end());
    await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve));
    const issuer = `http://127.0.0.1:${(broken.address() as AddressInfo).port}`;
    const other = await startTestService({ oidc: configOf(issuer) });
    const door = managementClients(other);
    await expect(door.access.whoAmI({}, as(await token()))).rejects.toMatchObject({
      codeName: 'UNAVAILABLE',
    });
    await expect(door.access.whoAmI({}, as(other.adminApiKey))).resolves.toMatchObject({
      tenantId: 'default',
    });
    door.close();
    await other.stop();
    broken.close();
  });

  it.each([
    ['an https issuer whose keys are not', 'https://issuer.example.com', 'http://127.0.0.1'],
    ['an issuer on this machine whose keys are elsewhere', 'http://127.0.0.1:1', 'http://keys.example.com'],
  ])('is not believed by keys that come without TLS: %s', async (_what, issuer, keysAt) => {
    let asked = 0;
    const keys = createServer((_request, response) => response.end(String(++asked)));
    await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
    const jwksUri = `${keysAt}:${(keys.address() as AddressInfo).port}/keys`;
    // What discovery answers, for no provider here has a certificate that everybody trusts.
    const provider = () => Promise.resolve({ serverMetadata: () => ({ issuer, jwks_uri: jwksUri }) });
    const parts = { config: configOf(issuer), provider } as unknown as IdTokenParts;
    const answer = createIdTokenAuthenticator(parts).authenticateToken(await token({ iss: issuer }));
    await expect(answer).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'PROVIDER_KEYS_WITHOUT_TLS',
    });
    expect(asked).toBe(0);
    keys.close();
  });
});
