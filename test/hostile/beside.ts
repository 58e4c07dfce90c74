/** One tenant's calls, timed while another does its worst: to a service of processes of its own, as it is run. */

import { credentials } from '@grpc/grpc-js';
import { readFileSync } from 'node:fs';
import { parseTenantId } from '../../src/domain/ids';
import { mutualTls } from '../server/doors';
import { as, executionClients, managementClients, operatorClients } from '../support/clients';
import { startServeProcess } from '../support/serve-process';

/** A running service with an attacker, who is the first tenant, and a victim. */
export async function startWithVictim() {
  const serve = await startServeProcess();
  const { info } = serve;
  const doors = managementClients({
    management: info.management.address,
    tls: () => credentials.createSsl(readFileSync(info.caCertificate)),
  });
  const engine = executionClients(
    { execution: info.execution.address, mutualTls: (name) => mutualTls(info, name) },
    'engine',
  );
  const operator = operatorClients({ operatorSocket: info.operatorSocket });
  const { adminApiKey } = await operator.access.createTenant({ tenantId: 'victim' });
  const attacker = as(readFileSync(info.adminApiKeyFile, 'utf8').trim());
  return {
    ...{ info, doors, engine, operator, attacker, victim: as(adminApiKey) },
    attackerId: parseTenantId('default'),
    async stop() {
      doors.close();
      engine.close();
      operator.close();
      await serve.stop();
    },
  };
}

/** Calls one after the other until the attack is over. @returns what that answered, and how long each call took in ms. */
export async function beside<T>(call: () => Promise<unknown>, attack: Promise<T>) {
  let over = false;
  const attacked = attack.finally(() => (over = true));
  attacked.catch(() => {});
  const times: number[] = [];
  do times.push(await timed(call));
  while (!over);
  return { times, outcome: await attacked };
}

async function timed(call: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await call();
  return performance.now() - began;
}

/**
 * What a call may take beside an attack: many times what it takes without one, since machines are busy, and still far
 * from a loop that somebody else keeps. Compared by medians: one call may wait for anything.
 */
export async function patience(call: () => Promise<unknown>): Promise<number> {
  const quiet: number[] = [];
  for (let i = 0; i < 15; i++) quiet.push(await timed(call));
  return 200 + 20 * median(quiet);
}

export function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}
