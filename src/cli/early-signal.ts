/**
 * A signal that comes while a serving command is still being loaded ends it cleanly: nothing has begun. Imported
 * before everything else, because loading takes longer than Node takes to begin with it.
 */

const SERVING: readonly (string | undefined)[] = ['serve', 'sidecar'];

function end(): void {
  process.exit(0);
}

if (SERVING.includes(process.argv[2])) {
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}

/** From now on the command answers signals itself. */
export function takeOverSignals(): void {
  process.off('SIGTERM', end);
  process.off('SIGINT', end);
}
