/** Where what is installed for packages is kept, on machines whose user has no home, or none that can be written to. */

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const COMPILED = join(__dirname, '..', '..', 'dist', 'sdkgen', 'cache-dir.js');

/** What an ordinary user is told who names the folder. */
function told(folder: string): string {
  const script = `
    const { cacheDir } = require(${JSON.stringify(COMPILED)});
    if (process.getuid() === 0) process.setuid(65534);
    try { console.log('kept in ' + cacheDir()); } catch (error) { console.log(error.message); }`;
  const env = { ...process.env, AXIOM_CACHE_DIR: folder };
  return spawnSync(process.execPath, ['-e', script], { env, encoding: 'utf8' }).stdout.trim();
}

describe('A cache folder is told with the variable that names another', () => {
  it('where it cannot be made', () => {
    expect(told('/dev/null/cache')).toBe(
      '/dev/null/cache, where what is installed for packages is kept, cannot be written to (ENOTDIR); name another folder with AXIOM_CACHE_DIR',
    );
  });

  it('where it stands and cannot be written to', () => {
    const folder = mkdtempSync(join(tmpdir(), 'axiom-cache-'));
    try {
      chmodSync(folder, 0o555);
      expect(told(folder)).toBe(
        `${folder}, where what is installed for packages is kept, cannot be written to (EACCES); name another folder with AXIOM_CACHE_DIR`,
      );
      chmodSync(folder, 0o777);
      expect(told(folder)).toBe(`kept in ${folder}`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
