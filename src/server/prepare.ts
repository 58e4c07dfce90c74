/** What whoever starts the service does before and after its halves do: folders, owners, public keysets. */

import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type * as Generate from '../crypto/tink/generate';
import { DomainError } from '../domain/errors';
import { makeFolder } from '../files/make-folder';
import { readIfThere, readUnlinked, writePrivateFile, type Owner } from '../files/whole-file';
import type { ServiceConfig } from './config';
import { dataDirAt, type DataDir } from './data-dir';
import { giveFolder, type HalfUsers } from './half-users';
import { ensureCertificates } from './pki/certificates';
import { wishesOf } from './pki/keeper';
import type { Halves } from './separation';
import { beginFirstStart, firstStartMark } from './standing';
import { withStartLock } from './start-lock';
import { isFormerLayout, takeOverFormerLayout } from './take-over';

/**
 * @param users the halves' own; undefined: both are this user's.
 * @returns the settings, which say now whether this is a first start.
 * @throws DomainError FAILED_PRECONDITION naming what is missing and how to mend it.
 */
export async function prepareDataDir(
  config: ServiceConfig,
  logger: Logger,
  halves: Halves = 'both',
  users?: HalfUsers,
): Promise<ServiceConfig> {
  const dir = dataDirAt(config.dataDir);
  createFolders(dir, halves, users);
  const lock = halves === 'both' ? dir.startLock : `${dir[halves].folder}/start.lock`;
  return withStartLock(lock, async () => {
    if (halves === 'both' && isFormerLayout(dir)) {
      // No version of that layout signed rows. Noted before anything moves: a start that is killed notes it again.
      writePrivateFile(dir.execution.signAsFound, '');
      await ensureWriterKeyset(dir);
      handOver(dir.management.writerPublicKeyset, dir.execution.writerPublicKeyset);
      await takeOverFormerLayout(dir);
      logger.info({ dataDir: dir.root }, 'the data folder of a former version was taken over');
    }
    const isFirstStart = beginFirstStart(dir, config, halves);
    if (isFirstStart && halves !== 'execution') await ensureWriterKeyset(dir);
    if (halves === 'both') {
      await ensureCertificates(dir, wishesOf(config, isFirstStart), Date.now());
      handOver(dir.management.writerPublicKeyset, dir.execution.writerPublicKeyset);
      giveFolders(dir, users);
    }
    return { ...config, isFirstStart };
  });
}

/** Once the execution half answers: the management half gets what it is to believe. */
export function handOverVerifyingKeyset(dir: DataDir, users?: HalfUsers): void {
  handOver(dir.execution.verifyingKeyset, dir.management.verifyingKeyset, users?.management);
}

/** Once every half answers: the first start is over, and its API key lies where its owner looks for it. */
export function endFirstStart(dir: DataDir, halves: Halves = 'both'): void {
  // Two services that start first on one folder both come here: each puts the same key there, and either may be late.
  const adminApiKey = halves === 'both' ? readIfThere(dir.execution.adminApiKey, readUnlinked) : undefined;
  if (adminApiKey !== undefined) {
    writePrivateFile(dir.adminApiKey, adminApiKey);
    rmSync(dir.execution.adminApiKey, { force: true });
  }
  rmSync(firstStartMark(dir, halves), { force: true });
}

/** Readable by their half only; both halves enter the store's, and the root on their way to their own. */
export function createFolders(dir: DataDir, halves: Halves, users: HalfUsers | undefined): void {
  requireShortPath(dir);
  makeRoot(dir.root);
  const root = statSync(dir.root);
  const mode = root.mode & 0o777;
  if ((mode & 0o022) !== 0) {
    // The root of a volume, as Kubernetes mounts it, is another's, and its mode is set again at each mount.
    const isOurs = root.uid === process.getuid?.();
    const remedy = isOurs
      ? `run: chmod go-w '${dir.root}'`
      : `use a folder in it: ${join(dir.root, 'axiom')}`;
    throw new Error(`others may write to the data folder ${dir.root} (mode ${mode.toString(8)}); ${remedy}`);
  }
  const { management, execution, storeFolder, ca, workloads } = dir;
  const folders = {
    both: [management.folder, execution.folder, storeFolder, ca.folder, workloads.folder],
    management: [management.folder],
    execution: [execution.folder, storeFolder],
  }[halves];
  for (const folder of folders) makeFolder(folder);
  if (users !== undefined) giveFolder(dir.root, { uid: 0, gid: users.execution.gid }, { folder: 0o710 });
}

/** Bytes of a Unix socket's path on Linux, without the zero at its end (unix(7)). */
const MAX_SOCKET_PATH_BYTES = 107;

/** Counted first: what the system says of a path that is too long names another path. */
function requireShortPath(dir: DataDir): void {
  const spare = MAX_SOCKET_PATH_BYTES - Buffer.byteLength(dir.execution.operatorSocket);
  if (spare >= 0) return;
  const bytes = Buffer.byteLength(dir.root);
  throw new DomainError(
    'FAILED_PRECONDITION',
    `the path of the data folder has ${bytes} bytes, and Unix sockets in it work with up to ${bytes + spare}; ` +
      'give --data-dir a shorter path',
    'DATA_DIR_PATH_TOO_LONG',
  );
}

function makeRoot(root: string): void {
  try {
    makeFolder(root);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new DomainError(
      'FAILED_PRECONDITION',
      `no folder can be made at ${root}; give --data-dir a folder on a disk`,
      'DATA_DIR_NOT_POSSIBLE',
    );
  }
}

/** As root, what another user's start left behind is given to those who run the halves now. */
function giveFolders(dir: DataDir, users: HalfUsers | undefined): void {
  if (process.geteuid?.() !== 0) return;
  const me: Owner = { uid: 0, gid: process.getegid?.() ?? 0 };
  const own = { folder: 0o700, file: 0o600 };
  giveFolder(dir.management.folder, users?.management ?? me, own);
  giveFolder(dir.execution.folder, users?.execution ?? me, own);
  if (users === undefined) giveFolder(dir.storeFolder, me, own);
  // Set-group-ID: what either half makes there is the group's.
  else giveFolder(dir.storeFolder, users.execution, { folder: 0o2770, file: 0o660 });
}

/** The key that signs rows, private to the management half, and the public half of it. */
async function ensureWriterKeyset({ management }: DataDir): Promise<void> {
  if (existsSync(management.writerKeyset) && existsSync(management.writerPublicKeyset)) return;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only at a first start
  const { generateSigningKeyset } = require('../crypto/tink/generate') as typeof Generate;
  const { privateKeyset, publicKeyset } = await generateSigningKeyset();
  // The public one last: it is what says that both are whole.
  writePrivateFile(management.writerKeyset, privateKeyset);
  writePrivateFile(management.writerPublicKeyset, publicKeyset);
  privateKeyset.fill(0);
}

/** Copies a public keyset from one half to the other, once. @throws where the other has another one. */
function handOver(from: string, to: string, owner?: Owner): void {
  if (!existsSync(from)) return;
  const keyset = readUnlinked(from);
  if (!existsSync(to)) return writePrivateFile(to, keyset, owner);
  if (readUnlinked(to).equals(keyset)) return;
  throw new DomainError(
    'FAILED_PRECONDITION',
    `${from} and ${to} differ, so the halves are of two services; restore both from one backup`,
    'KEYSETS_DIFFER',
  );
}
