/** One attack on a door with a victim beside it. */

import type { Attack } from './attacks';
import type { Target } from './target';

/** What an attack is given, where it does not end by itself. */
const FLOOD_MS = 1_500;

/** Floods the door while the victim calls, one call after the other. @throws Error where one of its calls fails. */
export async function flood(
  attack: Attack,
  door: Target,
  victim: { call(): Promise<unknown> },
  floodMs = FLOOD_MS,
): Promise<void> {
  await victim.call();
  const running = await attack.begin(door);
  let isOver = false;
  const end = Promise.race([running.sent, new Promise((resolve) => setTimeout(resolve, floodMs))]).then(
    () => (isOver = true),
  );
  do await victim.call();
  while (!isOver);
  await end;
  running.end();
}
