/** Where the data folder is when nobody says. */

import { homedir } from 'node:os';
import { join } from 'node:path';

/** $AXIOM_DATA_DIR's default: one folder for this user. */
export function defaultDataDir(): string {
  return join(process.env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'axiom');
}
