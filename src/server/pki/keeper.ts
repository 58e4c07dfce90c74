/** Looks after the certificates while the service runs: renews them where the CA's key is here, else warns in time. */

import { existsSync, readFileSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import type { Logger } from 'pino';
import type { ServiceConfig } from '../config';
import { dataDirAt, type DataDir } from '../data-dir';
import { startFailure } from '../start-failure';
import { withStartLock } from '../start-lock';
import type { Halves } from '../separation';
import { DAY_MS } from './authority';
import { ensureCertificates } from './certificates';

const LOOK_EVERY_MS = 3_600_000;
/** From here on every look warns: less than the third of a certificate's life at which it is renewed. */
const WARN_DAYS = 9;
const WARN_ROOT_DAYS = 365;

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
    warnOfEnds(dir, config, halves, logger, clock());
  };
  const lookSafely = () =>
    void look().catch((error: unknown) =>
      logger.error({ reason: startFailure(error) }, 'the certificates cannot be renewed'),
    );
  const timer = setInterval(lookSafely, everyMs);
  timer.unref();
  warnOfEnds(dir, config, halves, logger, clock());
  return { stop: () => clearInterval(timer) };
}

/** What a service of these settings needs of its data folder. */
export function wishesOf(config: ServiceConfig, isFirstStart: boolean) {
  return {
    ...{ hosts: config.hosts, isFirstStart },
    ...{ needsServerPairs: config.tls === undefined, needsClientCa: config.clientCa === undefined },
  };
}

function warnOfEnds(dir: DataDir, config: ServiceConfig, halves: Halves, logger: Logger, now: number): void {
  const served = [dir.management, dir.execution]
    .filter((half) => halves === 'both' || half === dir[halves])
    .map((half) => (config.tls ?? half.tls).certificate);
  const limits: [string, number][] = [
    ...[...new Set(served)].map((path): [string, number] => [path, WARN_DAYS]),
    [dir.caCertificate, WARN_ROOT_DAYS],
  ];
  for (const [path, days] of limits.filter(([file]) => existsSync(file))) {
    const end = Date.parse(new X509Certificate(readFileSync(path)).validTo);
    if (end - now > days * DAY_MS) continue;
    const expires = new Date(end).toISOString();
    if (end < now)
      logger.error({ certificate: path, expires }, 'a certificate has expired; give the service a new one');
    else
      logger.warn({ certificate: path, expires }, 'a certificate expires soon; give the service a new one');
  }
}
