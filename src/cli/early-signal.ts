/**
 * What signals do from the first moment on: none opens a command's memory, and one that comes while a serving command is
 * still being loaded ends it cleanly, for nothing has begun. Imported before everything else, because loading takes longer
 * than Node takes to begin with it.
 */

import { closeMemory } from '../server/closed-memory';

const SERVING: readonly (string | undefined)[] = ['serve', 'sidecar'];

function end(): void {
  process.exit(0);
}

closeMemory();

if (SERVING.includes(process.argv[2])) {
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}

/** From now on the command answers signals itself. */
export function takeOverSignals(): void {
  process.off('SIGTERM', end);
  process.off('SIGINT', end);
}
