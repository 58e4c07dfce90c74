/** Looks after the certificates while the service runs: renews them where the CA's key is here, and warns of the CA's own end. */

import { existsSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import type { Logger } from 'pino';
import type { ServiceConfig } from '../config';
import { readIfThere } from '../../files/whole-file';
import { certificateEnd } from '../../wire/certificate-end';
import { dataDirAt, type DataDir } from '../data-dir';
import { startFailure } from '../start-failure';
import { withStartLock } from '../start-lock';
import type { Halves } from '../separation';
import { ensureCertificates } from './certificates';

const LOOK_EVERY_MS = 3_600_000;

export function startCertificateKeeper(
  config: ServiceConfig,
  halves: Halves,
  logger: Logger,
  {
    clock = Date.now,
    everyMs = LOOK_EVERY_MS,
  }: { readonly clock?: () => number; readonly everyMs?: number } = {},
): { stop(): void } {
  const dir = dataDirAt(config.dataDir);
  const look = async () => {
    if (halves === 'both' && existsSync(dir.ca.key))
      await withStartLock(dir.startLock, () => ensureCertificates(dir, wishesOf(config, false), clock()));
    warnOfRoot(dir, logger, clock());
  };
  const lookSafely = () =>
    void look().catch((error: unknown) =>
      logger.error({ reason: startFailure(error) }, 'the certificates cannot be renewed'),
    );
  const timer = setInterval(lookSafely, everyMs);
  timer.unref();
  warnOfRoot(dir, logger, clock());
  return { stop: () => clearInterval(timer) };
}

/** What a service of these settings needs of its data folder. */
export function wishesOf(config: ServiceConfig, isFirstStart: boolean) {
  return {
    ...{ hosts: config.hosts, isFirstStart },
    ...{ needsServerPairs: config.tls === undefined, needsClientCa: config.clientCa === undefined },
  };
}

/** Doors warn of their own certificates (wire/listener/certificate-files). Nothing but an operator renews the root. */
function warnOfRoot({ caCertificate }: DataDir, logger: Logger, now: number): void {
  const pem = readIfThere(caCertificate);
  if (pem === undefined) return;
  const { end, isNear } = certificateEnd(new X509Certificate(pem), now);
  if (!isNear) return;
  const told = { certificate: caCertificate, expires: new Date(end).toISOString() };
  if (end < now) logger.error(told, "the CA's certificate has expired; make another one");
  else logger.warn(told, "the CA's certificate expires soon; make another one in time");
}
