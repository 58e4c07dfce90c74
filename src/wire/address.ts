/** Addresses as flags and options give them: `host:port` or `unix:/path`. */

import { resolve } from 'node:path';

/** The path of a `unix:/path` address; undefined for `host:port`. */
export function socketPathOf(address: string): string | undefined {
  return address.startsWith('unix:') ? resolve(address.slice('unix:'.length)) : undefined;
}

/** Splits `host:port`; IPv6 hosts are in brackets. @throws Error saying what is wrong. */
export function parseAddress(address: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:\s]+)):(\d{1,5})$/.exec(address);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port > 65_535) {
    throw new Error(
      `'${address}' is not host:port; for example 127.0.0.1:7443, or 127.0.0.1:0 for a free port`,
    );
  }
  return { host, port };
}

/** The address with another port, as clients dial it. */
export function withPort(address: string, port: number): string {
  const { host } = parseAddress(address);
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
