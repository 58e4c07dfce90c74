/** The version of this package, which the service and the command are of. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** From package.json: `0.1.0`. */
export function packageVersion(): string {
  const text = readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
