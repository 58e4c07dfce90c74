/** The serial numbers that a door refuses, read again when their file changes. */

import { existsSync, readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { Logger } from 'pino';
import { DomainError } from '../../domain/errors';

/** How soon a revocation counts, in milliseconds. */
const LOOK_EVERY_MS = 1_000;

export interface RevokedCertificates {
  /** @param serial as node:tls tells it. @throws DomainError UNAUTHENTICATED. */
  refuse(serial: string | undefined): void;
  stop(): void;
}

/** @throws DomainError FAILED_PRECONDITION where the file is not a list of serial numbers. */
export function watchRevokedCertificates(path: string, logger: Logger): RevokedCertificates {
  let isThere = existsSync(path);
  let revoked = isThere ? readSerials(path) : new Set<string>();
  const reload = () => {
    // Of a file that never was there it is told once, too.
    if (!isThere && !existsSync(path)) return;
    isThere = true;
    try {
      revoked = readSerials(path);
    } catch {
      // Those that were revoked stay so.
      logger.error({ path }, 'the list of revoked certificates cannot be read; the last one counts');
    }
  };
  watchFile(path, { interval: LOOK_EVERY_MS, persistent: false }, reload);
  return {
    refuse(serial) {
      if (serial !== undefined && !revoked.has(serial.toLowerCase())) return;
      throw new DomainError(
        'UNAUTHENTICATED',
        'the client certificate is revoked; ask the operator for a new one',
        'CERTIFICATE_REVOKED',
      );
    },
    stop: () => unwatchFile(path, reload),
  };
}

function readSerials(path: string): Set<string> {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  if (lines.every((line) => /^[0-9a-f]+$/.test(line))) return new Set(lines);
  throw new DomainError(
    'FAILED_PRECONDITION',
    `${path} is not a list of serial numbers; copy it again from ca/ of the machine that issues certificates`,
    'REVOKED_CERTIFICATES_MALFORMED',
  );
}
