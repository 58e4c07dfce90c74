/**
 * Serves the built app from the package: compressed when it was built (scripts/setup.mjs), read when it is first asked
 * for, cached by content hash, every page the same index.
 */

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** What the build puts beside a file that compression makes smaller. */
const COMPRESSED = { br: '.br', gzip: '.gz' } as const;

const PACKAGE_PAGE = /^\/console\/packages\/[^/]+\/[^/]+$/;

/** An answer to a GET. */
export interface StaticAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

interface StaticFile {
  readonly headers: Readonly<Record<string, string>>;
  readonly bodies: { readonly identity: Buffer; readonly gzip?: Buffer; readonly br?: Buffer };
}

export interface StaticFiles {
  /** @returns undefined for a path that is not a file of the app and no page of it. */
  get(
    path: string,
    headers: { readonly acceptEncoding: string; readonly ifNoneMatch: string },
  ): StaticAnswer | undefined;
}

/** Reads each file of `folder` at most once; they do not change while we run. */
export function loadStaticFiles(folder: string): StaticFiles {
  const paths = new Map(listFiles(folder).map((path) => [`/console/${relative(folder, path)}`, path]));
  const loaded = new Map<string, StaticFile>();
  const load = (path: string): StaticFile => {
    const file = loaded.get(path) ?? loadFile(path);
    loaded.set(path, file);
    return file;
  };
  return {
    get(url, { acceptEncoding, ifNoneMatch }) {
      const path = paths.get(url) ?? (isPage(url) ? paths.get('/console/index.html') : undefined);
      if (path === undefined) return undefined;
      const file = load(path);
      const { etag = '' } = file.headers;
      if (ifNoneMatch === etag) return { status: 304, headers: file.headers, body: Buffer.alloc(0) };
      const encoding = (['br', 'gzip'] as const).find(
        (one) => acceptEncoding.includes(one) && file.bodies[one] !== undefined,
      );
      const headers =
        encoding === undefined ? file.headers : { ...file.headers, 'content-encoding': encoding };
      return { status: 200, headers, body: file.bodies[encoding ?? 'identity'] ?? file.bodies.identity };
    },
  };
}

/** Pages are made in the browser: the index is at each path without an extension, and a package's name may have dots. */
function isPage(path: string): boolean {
  if (path === '/console' || PACKAGE_PAGE.test(path)) return true;
  return path.startsWith('/console/') && extname(path) === '';
}

function loadFile(path: string): StaticFile {
  const identity = readFileSync(path);
  // Vite puts a hash of the content in the names of assets, so those may be kept for ever.
  const isHashed = /\/assets\//.test(path);
  const headers = {
    'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
    'cache-control': isHashed ? 'public, max-age=31536000, immutable' : 'no-store',
    etag: `"${createHash('sha256').update(identity).digest('base64url')}"`,
    vary: 'accept-encoding',
  };
  const compressed = Object.entries(COMPRESSED)
    .filter(([, end]) => existsSync(path + end))
    .map(([encoding, end]) => [encoding, readFileSync(path + end)]);
  return { headers, bodies: { identity, ...Object.fromEntries(compressed) } };
}

function listFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return listFiles(path);
    return Object.values<string>(COMPRESSED).includes(extname(path)) ? [] : [path];
  });
}
