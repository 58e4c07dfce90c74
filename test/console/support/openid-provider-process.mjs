// A real OpenID provider on a free port of this machine, as a process of its own: it is written as ES modules throughout.
// Says its port; is then told the console's redirect URI, the client's secret and perhaps the keys to sign with; runs until it is ended.

import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

/** Who can log in, with any password, and what the provider says of them. */
const PEOPLE = {
  ada: {
    name: 'Ada Lovelace',
    email: 'ada@example.com',
    email_verified: true,
    groups: ['staff', 'secret-admins'],
  },
  vic: { name: 'Vic Viewer', email: 'vic@example.com', email_verified: false, groups: ['secret-viewers'] },
  eve: { name: 'Eve', email: 'eve@example.com', email_verified: true, groups: ['staff'] },
};

let handle = (_request, response) => response.writeHead(503).end();
const server = createServer((request, response) => handle(request, response));
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit(0));

process.once('message', ({ redirectUri, clientSecret, jwks }) => {
  const provider = new Provider(`http://127.0.0.1:${server.address().port}`, {
    clients: [{ client_id: 'axiom-console', client_secret: clientSecret, redirect_uris: [redirectUri] }],
    // Everything about a person stands in the ID token.
    conformIdTokenClaims: false,
    claims: { openid: ['sub', 'groups'], profile: ['name'], email: ['email', 'email_verified'] },
    pkce: { required: () => true },
    findAccount: (_context, id) =>
      PEOPLE[id] && { accountId: id, claims: () => ({ sub: id, ...PEOPLE[id] }) },
    cookies: { keys: ['for this test only'] },
    ...(jwks && { jwks }),
  });
  provider.on('server_error', (_context, error) => console.error(error.message));
  handle = provider.callback();
  process.send({ ready: true });
});
