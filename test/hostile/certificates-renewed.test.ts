/** A certificate that is renewed on disk is shown without a restart, and nobody is cut off for it. */

import { describe, expect, it } from '@jest/globals';
import { X509Certificate } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import pino from 'pino';
import { ExecutionsService } from '../../src/gen/axiom/executions/v1/executions_pb';
import { SecretsService } from '../../src/gen/axiom/secrets/v1/secrets_pb';
import { WatchedCertificates } from '../../src/wire/listener/certificate-files';
import { openChannel, wireClient } from '../../src/wire/client';
import { makeTestPki, type Identity } from '../sidecar/support/pki';
import { as } from '../support/clients';
import { startTestService, type TestService } from '../support/service';
import { connectTo } from './raw-http2';
import { target } from './target';

async function shownBy(service: TestService): Promise<string> {
  const door = target('management', service.management, { tls: { ca: service.ca }, path: '/', headers: {} });
  const socket = (await connectTo(door)) as TLSSocket;
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

describe('A renewed certificate', () => {
  it('is shown to the next connection, and the ones before go on', async () => {
    const service = await startTestService();
    const { certificate, key } = service.dir.management.tls;
    const channel = openChannel({ address: service.management, tls: { ca: service.ca } });
    const list = () => wireClient(SecretsService, channel).listSecretNames({}, as(service.adminApiKey));
    await list();
    const before = await shownBy(service);

    // Half of it: the pair does not fit together, and the one before stays.
    copyFileSync(service.dir.execution.tls.certificate, certificate);
    await sleep(2_500);
    expect(await shownBy(service)).toBe(before);
    copyFileSync(service.dir.execution.tls.key, key);
    for (let tries = 0; (await shownBy(service)) === before && tries < 100; tries++) await sleep(100);
    expect(await shownBy(service)).not.toBe(before);
    await list();
    expect(service.log.join('')).toContain('the changed certificate is in use');
    channel.close();
    await service.stop();
  });

  it('of the client CA lets in whom it signed, no longer others, and cuts off nobody who is in', async () => {
    const service = await startTestService();
    const [other, engine] = [await makeTestPki(), service.dir.workloads.pair('engine')];
    const own = { ca: service.ca, cert: readFileSync(engine.certificate), key: readFileSync(engine.key) };
    const theirs = { ...other.engine, ca: service.ca };
    const doorOf = (tls: Identity) =>
      openChannel({ address: service.execution, tls }, { 'grpc.use_local_subchannel_pool': 1 });
    const start = (channel: ReturnType<typeof doorOf>) =>
      wireClient(ExecutionsService, channel).startExecution(
        { tenantId: 'default', flowId: 'f' },
        { deadline: Date.now() + 20_000 },
      );
    const standing = doorOf(own);
    await start(standing);
    const isLetIn = async (tls: Identity) => {
      const channel = doorOf(tls);
      return start(channel)
        .then(...[() => true, () => false])
        .finally(() => channel.close());
    };
    expect(await isLetIn(theirs)).toBe(false);
    writeFileSync(service.dir.execution.clientCa, other.engine.ca);
    for (let tries = 0; !(await isLetIn(theirs)) && tries < 100; tries++) await sleep(100);
    expect([await isLetIn(theirs), await isLetIn(own)]).toEqual([true, false]);
    await start(standing);
    standing.close();
    other.remove();
    await service.stop();
  });

  it('is asked for in the log in the last quarter of its life, and at most 30 days before its end', async () => {
    const hour = 3_600_000;
    const folder = mkdtempSync(join(tmpdir(), 'axiom-watched-'));
    const pki = await makeTestPki();
    const files = { certificate: join(folder, 'server.crt'), key: join(folder, 'server.key') };
    writeFileSync(files.certificate, pki.server.cert);
    writeFileSync(files.key, pki.server.key, { mode: 0o600 });
    const lines: string[] = [];
    const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
    const { validFrom, validTo } = new X509Certificate(pki.server.cert);
    const [begin, end] = [Date.parse(validFrom), Date.parse(validTo)];
    const from = end - Math.min((end - begin) / 4, 30 * 24 * hour);
    new WatchedCertificates(files, logger, () => undefined, { now: () => from - hour }).close();
    expect(lines).toEqual([]);
    new WatchedCertificates(files, logger, () => undefined, { now: () => from + hour }).close();
    expect(lines.join('')).toContain('a certificate ends soon');
    pki.remove();
    rmSync(folder, { recursive: true, force: true });
  });
});
