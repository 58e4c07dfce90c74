/** A request at the console's door, and how it is answered. */

import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { Connection } from '../../wire/listener/connection';
import { LazyAbort } from '../lazy-abort';

export type Request = Http2ServerRequest;
export type Response = Http2ServerResponse;

/** A request with the connection that it came on. */
export interface Visit {
  readonly request: Request;
  readonly response: Response;
  readonly connection: Connection | undefined;
}

/** A page sends whose it is with each call; see whoseOf. */
export const WHOSE_HEADER = 'axiom-whose';

/** Node's HTTP/2 responses have no `destroyed` of their own, though their types say so. */
export function isGone({ request, response }: Pick<Visit, 'request' | 'response'>): boolean {
  return request.httpVersionMajor < 2 ? response.destroyed : response.stream.destroyed;
}

/** Who waits for the answer. To be asked for while it is not gone. @param deadline by performance.now(). */
export function clientOf({ response }: Pick<Visit, 'response'>, deadline?: number): LazyAbort {
  const client = new LazyAbort(deadline);
  response.once('close', () => client.abort());
  return client;
}

export function answerJson(
  response: Response,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

export function answer(response: Response, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}
