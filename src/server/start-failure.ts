/** Why a server could not start, as its operator reads it: what is wrong with which file, and what to do. */

const FILE_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist; check the flag that names it, or restore it from a backup',
  EACCES: 'is not for this user; give its owner the right, or run as that owner',
  EPERM: 'is not for this user; give its owner the right, or run as that owner',
  EROFS: 'is on a file system that cannot be written to; mount it writable, or give another folder',
  ENOSPC: 'is on a disk that is full; free some space and try again',
  EDQUOT: 'is beyond the quota of its owner; free some space or have the quota raised',
  ENOTDIR: 'is not a folder; give another one',
  EEXIST: 'is a file where a folder should be; give another one',
  EISDIR: 'is a folder where a file should be; name the file',
};

/** What fails without its path: reading a folder, and writing to what is open. */
const WITHOUT_PATH: Readonly<Record<string, string>> = {
  EISDIR: 'what a flag names',
  ENOSPC: 'what was to be written',
  EDQUOT: 'what was to be written',
};

/** One sentence; errors of our own have one already. */
export function startFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code = '', path } = error as NodeJS.ErrnoException;
  const remedy = FILE_ERRORS[code];
  // Of a connection that failed without a path, none of this is true.
  const which = path ?? WITHOUT_PATH[code];
  if (which !== undefined && remedy !== undefined) return `${which} ${remedy} (${code})`;
  if (/PEM routines|no start line|ERR_OSSL|SSL routines/.test(`${code} ${error.message}`)) {
    return 'a certificate or key is not a PEM file, or the two do not belong together; check --tls-certificate, --tls-key and --client-ca';
  }
  return error.message;
}
