/**
 * What a package throws outside its handlers' calls: told by class and place, since its text may hold a
 * secret.
 */

import { failurePlace } from './failure';

/**
 * A promise that nobody awaits fails alone: other tenants' invocations run in this process. An exception that
 * nobody catches leaves the process in an unknown state (Node, "Warning: Using 'uncaughtException'
 * correctly"),
 * so it ends, without Node's own report of the error.
 */
export function guardAgainstCrashes(root: string): void {
  process.on('unhandledRejection', (error) => report('a promise that nobody awaits failed', error, root));
  process.on('uncaughtException', (error) => {
    report('the node host ends: an exception that nobody caught', error, root);
    process.exit(1);
  });
}

function report(what: string, error: unknown, root: string): void {
  const place = failurePlace(error, root);
  process.stderr.write(`${what}: ${[place.error, ...place.frames].join(' < ')}\n`);
}
