/** One tenant's calls, counted while another does its worst: to a service of processes of its own, as it is run. */

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

/** Calls one after the other until the attack is over. @returns what that answered, and how many calls were answered meanwhile. */
export async function beside<T>(call: () => Promise<unknown>, attack: Promise<T>) {
  let over = false;
  const attacked = attack.finally(() => (over = true));
  attacked.catch(() => {});
  let answers = 0;
  do {
    await call();
    answers++;
  } while (!over);
  return { answers, outcome: await attacked };
}
