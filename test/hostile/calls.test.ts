/** Floods of whole calls, of those who may call and of those who may not: another tenant's calls go on beside them. */

import { credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { MAX_EXECUTION_MISSES } from '../../src/domain/read-budget';
import { Role } from '../../src/gen/axiom/access/v1/access_pb';
import type { StatusError } from '../../src/wire/client';
import { mutualTls } from '../server/doors';
import { as, bytes, executionClients, managementClients } from '../support/clients';
import { beside, startWithVictim } from './beside';

const AT_ONCE = 20;

let service: Awaited<ReturnType<typeof startWithVictim>>;

beforeAll(async () => {
  service = await startWithVictim();
});

afterAll(() => service.stop());

/** So many calls, as fast as they are answered. @returns how often each code was answered. */
async function floodOf(call: () => Promise<unknown>, calls = 600): Promise<Map<string, number>> {
  let left = calls;
  const answers = new Map<string, number>();
  const one = async (): Promise<void> => {
    while (left-- > 0) {
      const code = await call().then(
        () => 'OK',
        (error: StatusError) => error.codeName,
      );
      answers.set(code, (answers.get(code) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return answers;
}

/**
 * In turn, the victim is answered once while each of the attackers is: between many of their calls it has had at least
 * every fourth of its turns. One who waits for the end of the flood is answered once or twice.
 */
function expectItsTurns(victimAnswers: number, flood: ReadonlyMap<string, number>): void {
  const attackersAnswers = [...flood.values()].reduce((sum, count) => sum + count, 0);
  expect(victimAnswers).toBeGreaterThan(attackersAnswers / AT_ONCE / 4);
}

/** A door of the attackers' own: the victim does not wait in their connection. */
function management() {
  const { info } = service;
  return managementClients({
    management: info.management.address,
    tls: () => credentials.createSsl(readFileSync(info.caCertificate)),
  });
}

const victimLists = () => service.doors.secrets.listSecretNames({}, service.victim);
const victimStarts = () => service.engine.executions.startExecution({ tenantId: 'victim', flowId: 'flow' });

async function eventsOf(action: string): Promise<number> {
  const { events } = await service.doors.audit.listAuditEvents({ pageSize: 1_000 }, service.attacker);
  return events.filter((event) => event.action === action).length;
}

describe('Another tenant waits little', () => {
  it('for a viewer who is denied again and again, of which few events are kept', async () => {
    const { rawKey } = await service.doors.access.createApiKey(
      { displayName: 'viewer', role: Role.VIEWER },
      service.attacker,
    );
    const doors = management();
    const add = () =>
      doors.secrets.addSecret({ name: 'N', content: { case: 'value', value: bytes('v') } }, as(rawKey));
    const { answers, outcome } = await beside(victimLists, floodOf(add));
    expectItsTurns(answers, outcome);
    expect([...outcome.keys()].filter((code) => code !== 'RESOURCE_EXHAUSTED')).toEqual([
      'PERMISSION_DENIED',
    ]);
    // One at once, and one with a count for each minute; the flood may go over the end of one.
    expect(await eventsOf('call.denied')).toBeLessThanOrEqual(4);
    doors.close();
  });

  it.each([
    ['no credential at all', {}],
    ['a made-up API key', as(`axk_${'0'.repeat(64)}`)],
  ])('for calls with %s', async (_what, options) => {
    const doors = management();
    const { answers, outcome } = await beside(
      victimLists,
      floodOf(() => doors.secrets.listSecretNames({}, options)),
    );
    expectItsTurns(answers, outcome);
    expect([...outcome.keys()].filter((code) => code !== 'RESOURCE_EXHAUSTED')).toEqual(['UNAUTHENTICATED']);
    doors.close();
  });

  it('for a sidecar that reports reads of one execution without end, of which a budget is kept by name', async () => {
    const { info } = service;
    const sidecar = executionClients(
      { execution: info.execution.address, mutualTls: (name) => mutualTls(info, name) },
      'sidecar',
    );
    const { executionToken } = await service.engine.executions.startExecution({
      tenantId: 'default',
      flowId: 'flow',
    });
    let names = 0;
    const report = () =>
      sidecar.executions.reportReads({
        executions: [
          {
            executionToken,
            reads: Array.from({ length: 100 }, () => ({
              ...{ name: `NO_SUCH_NAME_${names++}`, found: false, count: 1 },
              ...{ package: 'my-org/x', packageVersion: '1.0.0', node: 'N' },
            })),
          },
        ],
      });
    const { answers, outcome } = await beside(victimStarts, floodOf(report, 200));
    expectItsTurns(answers, outcome);
    expect(outcome.get('OK')).toBeGreaterThan(0);
    const missed = await service.doors.usage.listMissedReads({ pageSize: 1_000 }, service.attacker);
    // So many names that do not exist are kept of one execution; the others are counted.
    expect(missed.misses.length).toBeLessThanOrEqual(MAX_EXECUTION_MISSES);
    sidecar.close();
  });
});
