/** Where an unexpected error happened, for a log; never its message, which a library may have built from a request. */

const FRAMES = 8;

export interface ErrorPlace {
  /** The error's class. */
  readonly error: string;
  readonly frames: readonly string[];
}

export function errorPlace(error: unknown): ErrorPlace {
  if (!(error instanceof Error)) return { error: typeof error, frames: [] };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { error: error.name, frames: frames.slice(0, FRAMES).map((line) => line.trim()) };
}
