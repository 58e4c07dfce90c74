/**
 * Two services on one PostgreSQL database while processes are killed and paused, connections are cut and fall silent,
 * and the primary dies: every name is one register that does one thing at a time, and a revision has one content.
 * A short run; `npm run soak -- --minutes N` is a longer one.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { missingPostgres } from '../store/postgres-server';
import { describeIf } from '../support/needs';
import { eventually, openDoors, type Doors } from './fault-service';
import { RecordedLoad } from './recorded-load';
import { Replicas } from './replicas';

const SOAK_MS = Number(process.env['AXIOM_SOAK_MINUTES'] ?? 0) * 60_000;
const SEED = Number(process.env['AXIOM_SOAK_SEED'] ?? Date.now() % 1_000_000);
/** A client that waits no longer does not know what became of its call. */
const DEADLINE_MS = 4_000;
const BETWEEN_FAULTS_MS = 1_000;

/** mulberry32: small, seeded, good enough to pick faults. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

type FaultName = 'kill' | 'pause' | 'cut' | 'silence' | 'promote';

/** Each fault once in the short run; by chance in a soak. */
const SHORT: readonly FaultName[] = ['kill', 'cut', 'pause', 'silence', 'promote', 'kill'];

function inject(replicas: Replicas, fault: FaultName, random: () => number): Promise<void> {
  if (fault === 'kill') return Promise.resolve(replicas.kill(random()));
  if (fault === 'cut') return Promise.resolve(replicas.cut());
  return fault === 'pause' ? replicas.pause(random()) : replicas[fault]();
}

async function injectAll(replicas: Replicas, random: () => number): Promise<Map<FaultName, number>> {
  const counts = new Map<FaultName, number>();
  const end = performance.now() + SOAK_MS;
  for (let index = 0; SOAK_MS > 0 ? performance.now() < end : index < SHORT.length; index++) {
    const at = SOAK_MS > 0 ? Math.floor(random() * SHORT.length) : index;
    const fault = SHORT[at] as FaultName;
    await inject(replicas, fault, random);
    counts.set(fault, (counts.get(fault) ?? 0) + 1);
    await sleep(BETWEEN_FAULTS_MS);
  }
  return counts;
}

/** What both services say once nothing is broken any more. */
async function readAtTheEnd(load: RecordedLoad, doors: readonly Doors[]): Promise<readonly string[]> {
  for (const one of doors) await eventually(() => load.readOnce(one));
  const [first] = doors as [Doors];
  const { faults } = await eventually(() =>
    first.maintenance.verifyTenant({ tenantId: 'default' }, { deadline: Date.now() + 120_000 }),
  );
  return faults.map(({ kind, scope, name }) => `verify finds ${kind} at ${scope} ${name}`);
}

describeIf(missingPostgres(), false, 'Two services on one database, whatever happens to them', () => {
  it(
    'show every name as one register, and every revision with one content',
    async () => {
      const random = randomOf(SEED);
      const replicas = await Replicas.start();
      const [first, second] = replicas.replicas;
      const doors = [openDoors(first.serve, DEADLINE_MS), openDoors(second.serve, DEADLINE_MS)] as const;
      const load = new RecordedLoad(doors, random);
      try {
        await sleep(BETWEEN_FAULTS_MS);
        const faults = await injectAll(replicas, random);
        await load.stop();
        const damage = await readAtTheEnd(load, doors);
        const violations = [...damage, ...load.violations()];
        const counted = [...faults].map(([fault, count]) => `${fault} ${count}`).join(', ');
        process.stderr.write(
          `soak: seed ${SEED}; ${load.calls} calls of which ${load.failed} failed; faults: ${counted}; ` +
            `violations: ${violations.length}\n`,
        );
        expect(violations).toEqual([]);
        expect(load.calls - load.failed).toBeGreaterThan(50);
      } finally {
        await load.stop();
        for (const one of doors) one.close();
        await replicas.stop();
      }
    },
    SOAK_MS + 600_000,
  );
});
