/** Whose the database's files are: their owner's, or a group's whose folder they lie in. */

import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The mode of a new file at `path`: a folder that its group may write to is shared by processes of several users. */
export function modeBeside(path: string): number {
  return (statSync(dirname(path)).mode & 0o020) === 0 ? 0o600 : 0o660;
}
