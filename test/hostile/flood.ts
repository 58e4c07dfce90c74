/** One attack on a door with a victim beside it. */

import type { Attack } from './attacks';
import type { Target } from './target';
import type { Victim } from './victim';

/** What an attack is given, where it does not end by itself. */
const FLOOD_MS = 1_500;

/** Floods the door while the victim calls, one call after the other. @returns how long the slowest call took, in ms. */
export async function flood(
  attack: Attack,
  door: Target,
  victim: Pick<Victim, 'call'>,
  floodMs = FLOOD_MS,
): Promise<number> {
  await victim.call();
  const running = await attack.begin(door);
  let isOver = false;
  const end = Promise.race([running.sent, new Promise((resolve) => setTimeout(resolve, floodMs))]).then(
    () => (isOver = true),
  );
  let slowest = 0;
  do slowest = Math.max(slowest, await victim.call());
  while (!isOver);
  await end;
  running.end();
  return slowest;
}
