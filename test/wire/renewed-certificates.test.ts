/** A client that outlives its certificate shows the renewed one from its next connection on. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type TLSSocket } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import pino from 'pino';
import { dataDirAt, type DataDir } from '../../src/server/data-dir';
import { openAuthority } from '../../src/server/pki/authority';
import { ensureCertificates, issueCertificate } from '../../src/server/pki/certificates';
import { createFolders } from '../../src/server/prepare';
import { openChannel } from '../../src/wire/client';
import { WatchedCertificates } from '../../src/wire/listener/certificate-files';
import { RenewedCertificates } from '../../src/wire/renewed-certificates';

let dir: DataDir;

beforeEach(async () => {
  dir = dataDirAt(mkdtempSync(join(tmpdir(), 'axiom-renewed-')));
  createFolders(dir, 'both', undefined);
  const wishes = { hosts: [], isFirstStart: true, needsServerPairs: true, needsClientCa: true };
  await ensureCertificates(dir, wishes, Date.now());
});
afterEach(() => rmSync(dir.root, { recursive: true }));

it('shows the certificate that is on disk when it connects', async () => {
  const seen: string[] = [];
  const server = createServer(
    {
      cert: readFileSync(dir.execution.tls.certificate),
      key: readFileSync(dir.execution.tls.key),
      ca: readFileSync(dir.caCertificate),
      ALPNProtocols: ['h2'],
      requestCert: true,
    },
    (socket: TLSSocket) => {
      seen.push(socket.getPeerCertificate().serialNumber.toLowerCase());
      // Whoever wants more connects anew.
      socket.destroy();
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const files = { ...dir.workloads.pair('sidecar'), clientCa: dir.caCertificate };
  const watched = new WatchedCertificates(files, pino({ enabled: false }), (pems) => renewed.renew(pems));
  const renewed = new RenewedCertificates(watched.pems);
  const { port } = server.address() as AddressInfo;
  const channel = openChannel(
    { address: `127.0.0.1:${port}`, tls: { renewed } },
    { 'grpc.initial_reconnect_backoff_ms': 50, 'grpc.max_reconnect_backoff_ms': 100 },
  );
  const connecting = setInterval(() => channel.getConnectivityState(true), 20);
  try {
    while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const authority = await openAuthority(dir, Date.now());
    const request = { kind: 'sidecar', name: 'local', hosts: [], days: 30, files } as const;
    const { serial } = await issueCertificate(dir, authority!, request, Date.now());
    expect(seen).not.toContain(serial.toLowerCase());
    while (!seen.includes(serial.toLowerCase())) await new Promise((resolve) => setTimeout(resolve, 20));

    // What does not fit together is waited out: the last good pair goes on.
    writeFileSync(files.certificate, 'half a file');
    const before = seen.length;
    while (seen.length < before + 2) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(seen.at(-1)).toBe(serial.toLowerCase());
  } finally {
    clearInterval(connecting);
    channel.close();
    watched.close();
    server.close();
  }
});
