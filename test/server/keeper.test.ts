/** The certificates of a data folder while months pass: renewed in time, and warned of in time. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pino from 'pino';
import { certificateFindings, databaseFinding } from '../../src/cli/doctor-checks';
import { DEFAULT_DOOR_LIMITS, type ServiceConfig } from '../../src/server/config';
import { dataDirAt, type DataDir, type PairFiles } from '../../src/server/data-dir';
import { startCertificateKeeper } from '../../src/server/pki/keeper';
import { prepareDataDir } from '../../src/server/prepare';
import { WatchedCertificates } from '../../src/wire/listener/certificate-files';

const DAY = 86_400_000;
const began = Date.now();

let config: ServiceConfig;
let dir: DataDir;
let pairs: readonly PairFiles[];
let log: { msg: string; level: number }[] = [];
const logger = pino({ level: 'info' }, { write: (line: string) => void log.push(JSON.parse(line)) });

beforeAll(async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'axiom-keeper-'));
  config = {
    ...{ dataDir, hosts: [], tls: undefined, separation: 'keys-only', isFirstStart: false },
    ...{ managementAddress: '127.0.0.1:0', executionAddress: '127.0.0.1:0', consoleAddress: '127.0.0.1:0' },
    ...{ clientCa: undefined, postgresUrlFile: undefined, postgresMigrationUrlFile: undefined },
    ...{ insecurePostgres: false, oidc: undefined, tokenTtlMs: 900_000, limits: DEFAULT_DOOR_LIMITS },
    workers: 1,
    logLevel: 'info',
  };
  dir = dataDirAt(dataDir);
  await prepareDataDir(config, logger);
  pairs = [
    ...[dir.management.tls, dir.execution.tls],
    ...['engine', 'sidecar', 'sidecar-door'].map((name) => dir.workloads.pair(name)),
  ];
});
afterAll(() => rmSync(dir.root, { recursive: true, force: true }));
afterEach(() => {
  log = [];
});

const standing = () => pairs.map(({ certificate }) => new X509Certificate(readFileSync(certificate)));
const serials = () => standing().map(({ serialNumber }) => serialNumber);
const warnings = () => log.filter(({ level }) => level >= 40).map(({ msg }) => msg);

/** Lets a keeper look, so many days after the first start: a few times, or until something is so. */
async function keepAt(days: number, until?: () => boolean): Promise<void> {
  const keeper = startCertificateKeeper(config, 'both', logger, {
    clock: () => began + days * DAY,
    everyMs: 50,
  });
  if (until === undefined) await delay(600);
  else while (!until()) await delay(50);
  keeper.stop();
}

/** What the doors say of their certificates, so many days after the first start. */
function doorsAt(days: number): void {
  for (const files of pairs) {
    const clock = { now: () => began + days * DAY };
    new WatchedCertificates(files, logger, () => undefined, clock).close();
  }
}

const doctorAt = (days: number) => certificateFindings(dir, began + days * DAY).map(({ state }) => state);

describe('The certificates of a service that runs on', () => {
  it('stay as they are for the first half of their life', async () => {
    const before = serials();
    await keepAt(14);
    expect(serials()).toEqual(before);
    doorsAt(14);
    expect(warnings()).toEqual([]);
  });

  it('are all renewed once half of it has passed, before a door would warn, each with its own key', async () => {
    const before = serials();
    const root = readFileSync(dir.caCertificate);
    doorsAt(15.9);
    expect(warnings()).toEqual([]);
    await keepAt(16, () => serials().every((serial) => !before.includes(serial)));
    for (const [index, certificate] of standing().entries()) {
      expect(Math.round((Date.parse(certificate.validTo) - began) / DAY)).toBe(46);
      const key = createPrivateKey(readFileSync((pairs[index] as PairFiles).key));
      expect(certificate.checkPrivateKey(key)).toBe(true);
    }
    expect(readFileSync(dir.caCertificate)).toEqual(root);
    doorsAt(20);
    expect(warnings()).toEqual([]);
  });

  it('are warned of in the last quarter of their life by the doors that show them and by axiom doctor', () => {
    // Issued on day 16 for 30 days.
    doorsAt(38);
    expect(warnings()).toEqual([]);
    expect(doctorAt(38)).toEqual(['ok']);
    doorsAt(39);
    expect(doctorAt(39)).toEqual(pairs.map(() => 'warning'));
    expect(warnings()).toHaveLength(pairs.length);
    expect(new Set(warnings())).toEqual(
      new Set(['a certificate ends soon; put a renewed one in its place, no restart is needed']),
    );
  });

  it("are not renewed without the CA's key, and no other CA is made", async () => {
    const before = serials();
    const root = readFileSync(dir.caCertificate);
    rmSync(dir.ca.key);
    await keepAt(44);
    expect(serials()).toEqual(before);
    expect(readFileSync(dir.caCertificate)).toEqual(root);
  });

  it('tell a year before the end of the CA itself that it ends', async () => {
    await keepAt(8.9 * 365);
    expect(warnings()).toEqual([]);
    await keepAt(9.1 * 365);
    expect(new Set(warnings())).toEqual(
      new Set(["the CA's certificate expires soon; make another one in time"]),
    );
    log = [];
    await keepAt(10.1 * 365);
    expect(new Set(warnings())).toEqual(new Set(["the CA's certificate has expired; make another one"]));
  });
});

describe('What a half that was taken over puts in the place of its certificate and of the store', () => {
  it('keeps axiom doctor, which root runs, neither waiting nor reading without end', () => {
    const { certificate } = dir.management.tls;
    const certificates = () => certificateFindings(dir, began).map(({ message }) => message);
    const UNREAD = `${certificate} cannot be read as a certificate by this user`;
    for (const put of [
      () => spawnSync('mkfifo', [certificate]),
      () => symlinkSync('/dev/zero', certificate),
    ]) {
      rmSync(certificate);
      put();
      expect(certificates()).toContain(UNREAD);
    }
    spawnSync('mkfifo', [dir.store]);
    expect(databaseFinding(dir).state).not.toBe('ok');
  });
});
