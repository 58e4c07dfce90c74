/** Requests to the console's door as a program would send them: any header, any cookie. */

import { request } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';

export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** @param console `host:port`. */
export function send(
  console: string,
  path: string,
  { method = 'GET', headers = {}, body }: Sent = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { method, headers: { ...headers }, rejectUnauthorized: false, agent: false as const };
    const call = request(`https://${console}${path}`, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    call.on('error', reject);
    call.end(body);
  });
}

/** Logs in. @returns the session's cookie, as a Cookie header. */
export async function openSession(console: string, apiKey: string): Promise<string> {
  const { headers } = await send(console, '/console/session', {
    method: 'POST',
    headers: { origin: `https://${console}` },
    body: apiKey,
  });
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}
