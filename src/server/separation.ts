/** What keeps the two halves apart, beside their keys; told at start and by `axiom whoami --service`. */

import type { HalfUsers } from './half-users';

/**
 * `own-process`: this half runs alone, on a machine or under a user of its own.
 * `own-users`: both run here, each under a user of its own.
 * `permission-model`: both run as one user; Node keeps the management process from the other half's files.
 * `keys-only`: both run as one user, and nothing but the keys keeps them apart.
 */
export type Separation = 'own-process' | 'own-users' | 'permission-model' | 'keys-only';

/** Which halves a service runs. */
export type Halves = 'both' | 'management' | 'execution';

export function separationOf(halves: Halves, users: HalfUsers | undefined): Separation {
  if (halves !== 'both') return 'own-process';
  if (users !== undefined) return 'own-users';
  return hasPermissionModel() ? 'permission-model' : 'keys-only';
}

/** Stable from Node 22.13 and 23.5 on. */
export function hasPermissionModel(): boolean {
  return process.allowedNodeEnvironmentFlags.has('--permission');
}
