/** How a half's process is started: as whom, with which rights, and without what would show its memory. */

import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, sep } from 'node:path';
import type { Owner } from '../files/whole-file';
import type { ServiceConfig } from './config';
import { dataDirAt } from './data-dir';
import type { HalfUsers } from './half-users';
import { hasPermissionModel } from './separation';

export type HalfName = 'management' | 'execution';

/** Started through it, because a process cannot lower its own limit with Node alone. */
const SHELL = '/bin/sh';

/**
 * Megabytes of each half of V8's young generation, which keeps its largest size after a load. What a call leaves is gone
 * after some milliseconds: the execution server, which answers most calls, collects it a quarter as often for 11 MB more
 * (docs/decisions/memory.md).
 */
const YOUNG_HEAP: Readonly<Record<HalfName, number>> = { management: 4, execution: 16 };

/**
 * Node's own program is kept in large pages, where the system has them to give: its parts are found with less of the
 * processor's time (docs/decisions/one-statement-per-step.md). They are this process's alone, 24 MB.
 */
const LARGE_PAGES = '--use-largepages=silent';

/** @param users the halves' own; undefined: as whoever started this. */
export function forkHalf(name: HalfName, config: ServiceConfig, users: HalfUsers | undefined): ChildProcess {
  const youngHeap = `--max-semi-space-size=${YOUNG_HEAP[name]}`;
  // --expose-gc: work/give-back.ts.
  const flags = [
    youngHeap,
    '--expose-gc',
    ...(name === 'execution' ? [LARGE_PAGES] : []),
    ...inspectorFlags(),
    ...(confines(name, config) ? permissionFlags(config) : []),
  ];
  const owner: Owner | undefined = users?.[name];
  return fork(join(__dirname, `${name}-main.js`), [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // A user of its own may not be able to enter the folder in which this was started.
    cwd: '/',
    env: halfEnvironment(owner !== undefined),
    ...(owner !== undefined && { uid: owner.uid, gid: owner.gid }),
    ...(existsSync(SHELL)
      ? { execPath: SHELL, execArgv: ['-c', 'ulimit -c 0; exec "$0" "$@"', process.execPath, ...flags] }
      : { execArgv: flags }),
  });
}

/** What makes Node or gRPC show, slow or weaken what they do: of no use to a server, and of use to others. */
const SCRUBBED =
  /^(?:NODE_(?:OPTIONS|DEBUG|DEBUG_NATIVE|V8_COVERAGE|INSPECT_RESUME_ON_START|REDIRECT_WARNINGS|REPL_.*|TLS_REJECT_UNAUTHORIZED|PATH)|GRPC_.*|SSLKEYLOGFILE|DEBUG)$/;

function halfEnvironment(asAnotherUser: boolean): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !SCRUBBED.test(name) && !(asAnotherUser && name === 'HOME'),
  );
  // glibc gives each thread an arena of its own, which keeps what it took: two are enough for those that wait for the disk.
  return { MALLOC_ARENA_MAX: '2', ...Object.fromEntries(kept) };
}

/** SIGUSR1 opens Node's inspector; versions without this flag have a handler, see closed-memory.ts. */
function inspectorFlags(): string[] {
  return process.allowedNodeEnvironmentFlags.has('--disable-sigusr1') ? ['--disable-sigusr1'] : [];
}

function confines(name: HalfName, config: ServiceConfig): boolean {
  return name === 'management' && config.separation === 'permission-model' && hasPermissionModel();
}

/** The management process under Node's permission model: its own folder, the database, the program, and no other. */
function permissionFlags(config: ServiceConfig): string[] {
  const dir = dataDirAt(config.dataDir);
  const read = [
    ...programFolders(),
    dir.management.folder,
    dir.storeFolder,
    ...(config.tls === undefined ? [] : [config.tls.certificate, config.tls.key]),
    ...(config.oidc?.clientSecretFile === undefined ? [] : [config.oidc.clientSecretFile]),
    ...[config.postgresUrlFile, config.postgresMigrationUrlFile].flatMap((file) =>
      file === undefined ? [] : postgresFiles(file),
    ),
  ];
  const write = [dir.storeFolder];
  return [
    '--permission',
    // The two that follow are what it warns of.
    '--disable-warning=SecurityWarning',
    // SQLite is a native addon.
    '--allow-addons',
    '--allow-worker',
    ...withRealPaths(read).map((path) => `--allow-fs-read=${path}`),
    ...withRealPaths(write).map((path) => `--allow-fs-write=${path}`),
  ];
}

/** dist, what it requires, and the package's own description: not the whole package, in which data may lie. */
function programFolders(): string[] {
  const root = join(__dirname, '..', '..');
  const above = root.split(sep).indexOf('node_modules');
  return [
    join(root, 'dist'),
    join(root, 'node_modules'),
    join(root, 'package.json'),
    ...(above < 0
      ? []
      : [
          root
            .split(sep)
            .slice(0, above + 1)
            .join(sep),
        ]),
  ];
}

/** The URL's file, the certificates that the URL names, and where pg looks for a password. */
function postgresFiles(urlFile: string): string[] {
  const url = readFileSync(urlFile, 'utf8').trim();
  const query = URL.canParse(url) ? new URL(url).searchParams : new URLSearchParams();
  const named = ['sslrootcert', 'sslcert', 'sslkey'].map((name) => query.get(name));
  return [
    urlFile,
    ...named.filter((path): path is string => path !== null && path !== ''),
    process.env['PGPASSFILE'] ?? join(homedir(), '.pgpass'),
  ];
}

function withRealPaths(paths: readonly string[]): string[] {
  return [...new Set(paths.flatMap((path) => (existsSync(path) ? [path, realpathSync(path)] : [path])))];
}
