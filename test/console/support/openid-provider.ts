/** Starts a real OpenID provider beside a test. */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { JSONWebKeySet } from 'jose';

export interface OpenIdProvider {
  readonly issuer: string;
  /** Tells the provider of the console, and which keys to sign with where they matter. */
  admit(client: {
    readonly redirectUri: string;
    readonly clientSecret: string;
    readonly jwks?: JSONWebKeySet;
  }): Promise<void>;
  stop(): Promise<void>;
}

export async function startOpenIdProvider(): Promise<OpenIdProvider> {
  // It warns at length that it is not made for production.
  const child = fork(join(__dirname, 'openid-provider-process.mjs'), {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return {
    issuer: `http://127.0.0.1:${port}`,
    async admit(client) {
      child.send(client);
      await once(child, 'message');
    },
    async stop() {
      const exited = once(child, 'exit');
      child.kill();
      await exited;
    },
  };
}
