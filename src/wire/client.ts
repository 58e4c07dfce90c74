/**
 * A typed client of a protobuf-es service over a grpc-js channel.
 *
 *     const channel = openChannel({ address: 'localhost:7443', tls: { ca } });
 *     const secrets = wireClient(SecretsService, channel);
 *     const page = await secrets.listSecretNames({ pageSize: 10 }, { metadata: { authorization } });
 *
 * A unary method answers a promise, a server-streaming one an async iterable, a
 * bidi-streaming one takes an async iterable and answers one. Failures are StatusError.
 * Several clients share one channel; closing it is its owner's part.
 */

import type { DescMethod, DescService, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { Client, credentials, type Channel } from '@grpc/grpc-js';
import { callBidi, callServerStream, callUnary, type CallOptions } from './calls';
import { wireMethod } from './method';

export type { CallOptions } from './calls';
export { StatusError } from './status-error';
export { openChannel } from './channel';

type Call<M> = M extends DescMethod
  ? M['methodKind'] extends 'unary'
    ? (request: MessageInitShape<M['input']>, options?: CallOptions) => Promise<MessageShape<M['output']>>
    : M['methodKind'] extends 'server_streaming'
      ? (
          request: MessageInitShape<M['input']>,
          options?: CallOptions,
        ) => AsyncIterableIterator<MessageShape<M['output']>>
      : M['methodKind'] extends 'bidi_streaming'
        ? (
            requests: AsyncIterable<MessageInitShape<M['input']>>,
            options?: CallOptions,
          ) => AsyncIterableIterator<MessageShape<M['output']>>
        : never
  : never;

/** A service's methods as functions. */
export type WireClient<S extends DescService> = { readonly [K in keyof S['method']]: Call<S['method'][K]> };

/** @throws Error for a service with a client-streaming method: this product has none. */
export function wireClient<S extends DescService>(service: S, channel: Channel): WireClient<S> {
  const client = clientOn(channel);
  const calls = service.methods.map((method) => [method.localName, bind(client, method)] as const);
  return Object.fromEntries(calls) as WireClient<S>;
}

/** A grpc-js client on a channel that others may share. */
export function clientOn(channel: Channel): Client {
  // With channelOverride neither the address nor the credentials given here are used.
  return new Client(channel.getTarget(), credentials.createInsecure(), { channelOverride: channel });
}

function bind(client: Client, method: DescMethod): unknown {
  const definition = wireMethod(method);
  switch (method.methodKind) {
    case 'unary':
      return (request: never, options?: CallOptions) => callUnary(client, definition, request, options);
    case 'server_streaming':
      return (request: never, options?: CallOptions) =>
        callServerStream(client, definition, request, options);
    case 'bidi_streaming':
      return (requests: AsyncIterable<never>, options?: CallOptions) =>
        callBidi(client, definition, requests, options);
    case 'client_streaming':
      throw new Error(
        `${method.parent.typeName}.${method.name} is client-streaming, which this client does not know`,
      );
  }
}
