// One attack in a process of its own, so that what it costs the attacker is not counted as the victim's wait. Told by its
// parent which attack and where; says when it has begun, and goes on until it is told to end.

import { createRequire } from 'node:module';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { root } from '../scripts/setup.mjs';

const require = createRequire(import.meta.url);
require(join(root, 'test/support/register.cjs'));
const { ATTACKS } = require(join(root, 'test/hostile/attacks.ts'));

/** An attacker brings a machine of its own; where there are few processors, it leaves the server's and the victim's to them. */
const YIELDING = 10;
setPriority(YIELDING);

process.once('message', async ({ attack, door }) => {
  const running = await ATTACKS.find(({ name }) => name === attack).begin(door);
  process.once('message', () => {
    running.end();
    process.disconnect();
  });
  process.send('begun');
});
