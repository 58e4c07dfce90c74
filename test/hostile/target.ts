/** A door as attackers and victims see it. */

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { NodeService } from '../../src/gen/axiom/node/v1/node_pb';
import { SidecarService } from '../../src/gen/axiom/sidecar/v1/sidecar_pb';
import { dataDirAt } from '../../src/server/data-dir';
import type { ServiceInfo } from '../../src/server/service';
import { parseAddress, socketPathOf } from '../../src/wire/address';
import { methodPath } from '../../src/wire/method';
import { SIDECAR_SERVER_NAME } from '../../src/wire/sidecar-name';

export interface Target {
  readonly name: string;
  /** `host:port` or `unix:/path`. */
  readonly address: string;
  /** The same for node:net. */
  readonly at: { readonly host: string; readonly port: number } | { readonly path: string };
  /** Undefined: plain text on a Unix socket. */
  readonly tls: { readonly ca: Buffer; readonly cert?: Buffer; readonly key?: Buffer } | undefined;
  /** What its certificate names it. */
  readonly serverName: string;
  /** A unary method of the door. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

const GRPC = { 'content-type': 'application/grpc', te: 'trailers' };

export function target(
  name: string,
  address: string,
  rest: Omit<Target, 'name' | 'address' | 'at' | 'serverName'>,
): Target {
  const path = socketPathOf(address);
  const at = path === undefined ? parseAddress(address) : { path: resolve(path) };
  return { name, address, at, serverName: 'localhost', ...rest };
}

/** The doors of a running service; without a credential, except where the connection itself is one. */
export function doorsOf(info: ServiceInfo): {
  readonly [K in 'management' | 'console' | 'execution' | 'operator']: Target;
} {
  const ca = readFileSync(info.caCertificate);
  const pair = dataDirAt(info.dataDir).workloads.pair('engine');
  const engine = { ca, cert: readFileSync(pair.certificate), key: readFileSync(pair.key) };
  return {
    management: target('management', info.management.address, {
      ...{ tls: { ca }, path: '/axiom.secrets.v1.SecretsService/ListSecretNames', headers: GRPC },
    }),
    console: target('console', info.console.address, {
      ...{ tls: { ca }, path: '/axiom.secrets.v1.SecretsService/ListSecretNames' },
      headers: { 'content-type': 'application/proto', 'sec-fetch-site': 'same-origin' },
    }),
    execution: target('execution', info.execution.address, {
      ...{ tls: engine, path: '/axiom.executions.v1.ExecutionsService/StartExecution', headers: GRPC },
    }),
    operator: target('operator', `unix:${info.operatorSocket}`, {
      ...{ tls: undefined, path: '/axiom.access.v1.AccessService/ListTenants', headers: GRPC },
    }),
  };
}

/** The same door with an API key on each request: the first admin's, or another. */
export function withApiKey(
  door: Target,
  info: ServiceInfo,
  key = readFileSync(info.adminApiKeyFile, 'utf8').trim(),
): Target {
  return { ...door, headers: { ...door.headers, authorization: `Bearer ${key}` } };
}

/** The management door's method that takes the longest requests. */
export const IMPORT_SECRETS = '/axiom.secrets.v1.SecretsService/ImportSecrets';

/** Where engines have nodes invoked; undefined `tls`: on a Unix socket. */
export function sidecarDoor(address: string, tls: Target['tls']): Target {
  const path = methodPath(SidecarService.method.invoke);
  return {
    ...target('sidecar', address, { tls, path, headers: GRPC }),
    serverName: SIDECAR_SERVER_NAME,
  };
}

/** A node host's socket, as whoever may open it sees it. */
export function nodeHostDoor(socket: string): Target {
  return target('node host', `unix:${socket}`, {
    ...{ tls: undefined, path: methodPath(NodeService.method.invoke) },
    headers: GRPC,
  });
}
