/** Where the accessors and node hosts that do not vary by package are as source. */

import { join } from 'node:path';
import type { Language } from '../manifest/manifest';

/**
 * The absolute path of sdk-stubs/<language>. The repository (src/sdkgen) and the installed package
 * (dist/sdkgen) keep it at the same distance from this file.
 */
export function stubsDir(language: Language): string {
  return join(__dirname, '..', '..', 'sdk-stubs', language);
}
