/** The management door's address as `--address` takes it, with a sentence for each way to get it wrong. */

import { parseAddress, socketPathOf } from '../wire/address';
import { EXIT } from './exit-codes';
import { CliError } from './failure';

/** The management door's port unless `axiom serve` is told another. */
const DEFAULT_PORT = 7443;

/** @returns the address. @throws CliError for what nobody could dial. Host names may have underscores. */
export function parseDoorAddress(text: string): string {
  if (socketPathOf(text) !== undefined) return text;
  const url = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text);
  if (url !== null) {
    const { hostname, port } = URL.canParse(text) ? new URL(text) : { hostname: '', port: '' };
    throw new CliError(
      `--address is host:port and not a URL; leave out ${url[1]}://, as in ${hostname || 'HOST'}:${port || DEFAULT_PORT}`,
      EXIT.usage,
    );
  }
  if (/^(?:[^:\s[\]]+|\[[0-9a-fA-F:.]+\]):?$/.test(text)) {
    throw new CliError(
      `--address has no port; the management door's is ${DEFAULT_PORT} unless it was set: ${text.replace(/:$/, '')}:${DEFAULT_PORT}`,
      EXIT.usage,
    );
  }
  return dialable(text);
}

function dialable(text: string): string {
  try {
    if (parseAddress(text).port > 0) return text;
  } catch {
    // Told below: what parseAddress says is for those who listen.
  }
  throw new CliError(
    '--address is host:port with a port from 1 to 65535; for example secrets.example.com:7443',
    EXIT.usage,
  );
}
