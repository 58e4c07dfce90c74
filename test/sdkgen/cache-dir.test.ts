/** Where what is installed for packages is kept, on machines whose user has no home. */

import { expect, it } from '@jest/globals';
import { cacheDir } from '../../src/sdkgen/cache-dir';

it('A cache folder that cannot be made is told with the variable that names another', () => {
  const before = process.env['AXIOM_CACHE_DIR'];
  process.env['AXIOM_CACHE_DIR'] = '/dev/null/cache';
  try {
    expect(() => cacheDir()).toThrow(
      '/dev/null/cache, where what is installed for packages is kept, cannot be made (ENOTDIR); name another folder with AXIOM_CACHE_DIR',
    );
  } finally {
    if (before === undefined) delete process.env['AXIOM_CACHE_DIR'];
    else process.env['AXIOM_CACHE_DIR'] = before;
  }
});
