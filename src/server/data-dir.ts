/**
 * What lies where in the data folder. Each half has a folder that the other cannot read; what is needed to issue
 * certificates and what belongs to engines, sidecars and commands lies outside both.
 */

import { join, resolve } from 'node:path';

/** A certificate chain and its key. */
export interface PairFiles {
  readonly certificate: string;
  readonly key: string;
}

/** The management half's own. */
export interface ManagementDir {
  readonly folder: string;
  readonly tls: PairFiles;
  /** Verifies signatures over tenants' public keysets: the execution half's, pinned. */
  readonly verifyingKeyset: string;
  /** Signs rows. */
  readonly writerKeyset: string;
  /** Its public half, to be given to the execution half. */
  readonly writerPublicKeyset: string;
  /** Where this half listens, when it runs alone. */
  readonly serviceInfo: string;
}

/** The execution half's own. */
export interface ExecutionDir {
  readonly folder: string;
  /** The local KEK. */
  readonly kek: string;
  readonly tls: PairFiles;
  /** Who signs engines' and sidecars' certificates. */
  readonly clientCa: string;
  /** Serial numbers of certificates that are refused. */
  readonly revoked: string;
  /** To be given to the management half. */
  readonly verifyingKeyset: string;
  /** Verifies rows: the management half's, pinned. */
  readonly writerPublicKeyset: string;
  /** Empty; as long as it is there, a start signs rows as it finds them. */
  readonly signAsFound: string;
  readonly operatorSocket: string;
  /** The first admin API key, until whoever started the service takes it to its place. */
  readonly adminApiKey: string;
  /** Empty; who makes keys holds a lock on it. */
  readonly startLock: string;
  readonly serviceInfo: string;
}

/** The paths of one data folder. */
export interface DataDir {
  readonly root: string;
  readonly management: ManagementDir;
  readonly execution: ExecutionDir;
  /** The database's folder: both halves write there. */
  readonly storeFolder: string;
  readonly store: string;
  /** Where a backup lies until it takes the store's place: nobody but who restores it writes there. */
  readonly restoring: string;
  /** What issues certificates: nobody needs it to serve. */
  readonly ca: PairFiles & {
    readonly folder: string;
    /** One for each purpose. */
    intermediate(purpose: string): PairFiles;
    /** Every certificate that was issued or revoked. */
    readonly ledger: string;
    /** Serial numbers, as the execution half gets them. */
    readonly revoked: string;
  };
  /** The CA's certificate, for whoever calls the service. */
  readonly caCertificate: string;
  /** Certificates of engines and sidecars of this machine. */
  readonly workloads: {
    readonly folder: string;
    /** @param name `engine`, `sidecar`, `sidecar-door`, or one of these, a hyphen and a name. */
    pair(name: string): PairFiles;
    /** What sidecars refuse of engines. */
    readonly revoked: string;
  };
  readonly adminApiKey: string;
  /** Empty; who starts holds a lock on it. */
  readonly startLock: string;
  /** Where the running service listens, for commands on this machine. */
  readonly serviceInfo: string;
}

export function dataDirAt(path: string): DataDir {
  const root = resolve(path);
  const at = (...parts: string[]) => join(root, ...parts);
  const pair = (...parts: string[]): PairFiles => ({
    certificate: `${at(...parts)}.crt`,
    key: `${at(...parts)}.key`,
  });
  return {
    root,
    management: {
      folder: at('management'),
      tls: pair('management', 'server'),
      verifyingKeyset: at('management', 'verifying-keyset.tink'),
      writerKeyset: at('management', 'writer-keyset.tink'),
      writerPublicKeyset: at('management', 'writer-public-keyset.tink'),
      serviceInfo: at('management', 'service.json'),
    },
    execution: {
      folder: at('execution'),
      kek: at('execution', 'kek.tink'),
      tls: pair('execution', 'server'),
      clientCa: at('execution', 'client-ca.crt'),
      revoked: at('execution', 'revoked-certificates'),
      verifyingKeyset: at('execution', 'verifying-keyset.tink'),
      writerPublicKeyset: at('execution', 'writer-public-keyset.tink'),
      signAsFound: at('execution', 'sign-as-found'),
      operatorSocket: at('execution', 'operator.sock'),
      adminApiKey: at('execution', 'admin-api-key'),
      startLock: at('execution', 'start.lock'),
      serviceInfo: at('execution', 'service.json'),
    },
    storeFolder: at('store'),
    store: at('store', 'store.sqlite'),
    restoring: at('restoring'),
    ca: {
      ...{ folder: at('ca'), ...pair('ca', 'ca'), ledger: at('ca', 'issued.jsonl') },
      ...{ revoked: at('ca', 'revoked-certificates'), intermediate: (purpose) => pair('ca', purpose) },
    },
    caCertificate: at('ca.crt'),
    workloads: {
      ...{ folder: at('workloads'), revoked: at('workloads', 'revoked-certificates') },
      pair: (name) => pair('workloads', name),
    },
    adminApiKey: at('admin-api-key'),
    startLock: at('start.lock'),
    serviceInfo: at('service.json'),
  };
}
