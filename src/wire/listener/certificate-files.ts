/**
 * A door's certificate, key and client CA, as they are on disk now.
 *
 * Files are looked at again and again, for a renewed certificate must be shown without a restart; a
 * pair that does not fit together (one of its files has been written, the other not yet) waits for the
 * next look, and the last good one goes on.
 */

import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { Logger } from 'pino';
import { DAY_MS } from '../../domain/clock';
import { readPrivateFile } from '../../files/private-file';
import { certificateEnd } from '../certificate-end';

/** PEM: a file's path, or its contents, which then never change. */
export type Pem = string | Buffer;

export interface CertificateFiles {
  readonly certificate: Pem;
  readonly key: Pem;
  /** Who must have signed a client's certificate; undefined: clients show none. */
  readonly clientCa?: Pem | undefined;
}

/** PEM texts that fit together. */
export interface CertificatePems {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca?: Buffer;
}

const LOOK_EVERY_MS = 2_000;
const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

export class WatchedCertificates {
  #pems: CertificatePems;
  #seen: string;
  #refused = '';
  #warnedAt = -Infinity;
  readonly #timer: NodeJS.Timeout;

  /**
   * Reads the files, and again when they change, until `close`.
   * @throws Error where they are missing or do not fit together.
   */
  constructor(
    private readonly files: CertificateFiles,
    private readonly logger: Logger,
    private readonly onChange: (pems: CertificatePems) => void,
    private readonly clock: { readonly now: () => number } = Date,
  ) {
    this.#seen = fingerprint(files);
    this.#pems = readPems(files);
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
    this.#timer.unref();
    this.#warnBeforeEnd();
  }

  get #name(): string {
    return typeof this.files.certificate === 'string' ? this.files.certificate : 'given in memory';
  }

  get pems(): CertificatePems {
    return this.#pems;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    let seen = '';
    try {
      seen = fingerprint(this.files);
      if (seen !== this.#seen) {
        this.#pems = readPems(this.files);
        this.#seen = seen;
        this.#warnedAt = -Infinity;
        this.onChange(this.#pems);
        this.logger.info({ certificate: this.#name }, 'the changed certificate is in use');
      }
    } catch (error) {
      // Told once a change; half-written files are the rule while somebody renews them.
      if (seen !== this.#refused)
        this.logger.warn(
          { certificate: this.#name, code: (error as NodeJS.ErrnoException).code },
          'the changed certificate cannot be used yet; the one before stays in use',
        );
      this.#refused = seen;
    }
    this.#warnBeforeEnd();
  }

  /** Once a day. */
  #warnBeforeEnd(): void {
    const now = this.clock.now();
    if (now - this.#warnedAt < DAY_MS) return;
    this.#warnedAt = now;
    for (const pem of [this.#pems.cert, this.#pems.ca]) {
      for (const [text] of pem?.toString('latin1').matchAll(PEM_CERTIFICATE) ?? []) {
        const certificate = new X509Certificate(text);
        const { isNear, end } = certificateEnd(certificate, now);
        if (isNear)
          this.logger.warn(
            {
              ...{ certificate: this.#name, subject: certificate.subject },
              expires: new Date(end).toISOString(),
            },
            'a certificate ends soon; put a renewed one in its place, no restart is needed',
          );
      }
    }
  }
}

/** @throws Error as node:tls does for PEM text that cannot be used. */
function readPems({ certificate, key, clientCa }: CertificateFiles): CertificatePems {
  const pems = {
    cert: readPem(certificate),
    key: typeof key === 'string' ? readPrivateFile(key) : key,
    ...(clientCa !== undefined && { ca: readPem(clientCa) }),
  };
  createSecureContext(pems);
  return pems;
}

function readPem(pem: Pem): Buffer {
  return typeof pem === 'string' ? readFileSync(pem) : pem;
}

/** Changes whenever a file does, also by a link that points elsewhere. */
function fingerprint({ certificate, key, clientCa }: CertificateFiles): string {
  return [certificate, key, clientCa]
    .map((pem) => {
      if (typeof pem !== 'string') return '';
      const { ino, size, mtimeNs } = statSync(pem, { bigint: true });
      return `${ino}/${size}/${mtimeNs}`;
    })
    .join(' ');
}
