/** Ends TLS on accepted sockets, with the certificates that are on disk now. */

import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer, type TLSSocket } from 'node:tls';
import type { Logger } from 'pino';
import { WatchedCertificates, type CertificateFiles } from './certificate-files';

export interface TlsAccept {
  /** Begins the handshake. */
  begin(carrier: Duplex): void;
  /** Looks at the files no more. */
  close(): void;
}

/**
 * @param protocols for ALPN, the preferred one first.
 * @param onSecured gets sockets whose handshake is done, and what carries them unless that is a socket itself; where there
 *   is a client CA, it has signed what the client showed.
 * @throws Error for files that cannot be used.
 */
export function acceptTls(
  files: CertificateFiles,
  protocols: readonly string[],
  logger: Logger,
  onSecured: (socket: TLSSocket, carrier: Duplex | undefined) => void,
): TlsAccept {
  // Connections that have been let in go on; a context of its own has ticket keys of its own, so none is resumed past a changed CA.
  const watched = new WatchedCertificates(files, logger, (pems) => server.setSecureContext(pems));
  const mutual = files.clientCa !== undefined;
  const server = createServer({
    ...watched.pems,
    ALPNProtocols: [...protocols],
    requestCert: mutual,
    rejectUnauthorized: mutual,
  });
  // Of a TLS socket nobody can ask what carries it. The handshake ends while the last of its bytes are read.
  let reading: Duplex | undefined;
  server.on('secureConnection', (socket) => {
    socket.on('error', () => undefined);
    onSecured(socket, reading);
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return {
    begin(carrier) {
      if (carrier instanceof Socket) return void server.emit('connection', carrier);
      carrier.prependListener('data', () => (reading = carrier));
      server.emit('connection', carrier);
      carrier.on('data', () => (reading = undefined));
    },
    close: () => watched.close(),
  };
}
