/**
 * service.json: where the running service of a data folder listens.
 *
 * Several services may share a folder, and the last to start is in the file. When that one is
 * gone, another that still runs puts itself in its place: commands find whoever serves.
 */

import type { Logger } from 'pino';
import { readIfThere, writePrivateFile } from '../files/whole-file';
import type { Separation } from './separation';

/** Where a running service is: what `axiom serve --json` prints and service.json holds. */
export interface ServiceInfo {
  readonly management: { readonly address: string; readonly pid: number };
  readonly execution: {
    readonly address: string;
    readonly pid: number;
    /** Of all that serve the door, where there are several; the first is `pid`. */
    readonly workers?: readonly number[];
  };
  readonly console: { readonly address: string; readonly pid: number };
  readonly operatorSocket: string;
  readonly dataDir: string;
  readonly caCertificate: string;
  readonly adminApiKeyFile: string;
  readonly separation: Separation;
}

/** The same of a half that runs alone; it lies in that half's folder. */
export type HalfInfo = Pick<ServiceInfo, 'dataDir' | 'separation'> & Partial<ServiceInfo>;

const LOOK_EVERY_MS = 2_000;

export interface ServiceFile {
  /** Puts this service into the file, as it is now. */
  publish(info: HalfInfo): void;
  /** Looks after the file no more. */
  close(): void;
}

export function createServiceFile(path: string, logger: Logger): ServiceFile {
  let mine: string | undefined;
  /** A disk that is full must not end the service; it is tried again. */
  const attempt = (write: () => void): void => {
    try {
      write();
    } catch (error) {
      logger.warn(
        { error: error instanceof Error ? error.name : typeof error },
        'service.json cannot be kept; commands may not find the service',
      );
    }
  };
  const timer = setInterval(() => {
    const own = mine;
    if (own === undefined) return;
    attempt(() => {
      const standing = readIfThere(path)?.toString('utf8');
      if (standing !== own && !servesStill(standing)) writePrivateFile(path, own);
    });
  }, LOOK_EVERY_MS);
  timer.unref();
  return {
    publish(info) {
      const own = `${JSON.stringify(info, undefined, 2)}\n`;
      mine = own;
      attempt(() => writePrivateFile(path, own));
    },
    close() {
      clearInterval(timer);
    },
  };
}

/** Whether one of the processes that the file names is there: a service that restarts the other is still one. */
function servesStill(text: string | undefined): boolean {
  try {
    const { management, execution } = JSON.parse(text ?? '') as HalfInfo;
    return [management, execution].some((half) => half !== undefined && isAlive(half.pid));
  } catch {
    return false; // gone or damaged
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
