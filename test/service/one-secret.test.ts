/** One secret's whole way over real sockets: in through the management door, out to a sidecar. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SecretSource } from '../../src/gen/axiom/secrets/v1/secrets_pb';
import { as, bytes, executionClients, managementClients } from '../support/clients';
import { startTestService, type TestService } from '../support/service';

let service: TestService;
let admin: ReturnType<typeof managementClients>;
let engine: ReturnType<typeof executionClients>;
let sidecar: ReturnType<typeof executionClients>;

beforeAll(async () => {
  service = await startTestService();
  admin = managementClients(service);
  engine = executionClients(service, 'engine');
  sidecar = executionClients(service, 'sidecar');
});

afterAll(async () => {
  for (const client of [admin, engine, sidecar]) client.close();
  await service.stop();
});

const start = (
  config: Parameters<typeof engine.executions.startExecution>[0]['config'] = { case: undefined },
) => engine.executions.startExecution({ tenantId: 'default', flowId: 'flow', config });

const resolve = async (executionToken: string) => {
  const { secrets, receipt } = await sidecar.secrets.resolveForExecution({ executionToken });
  const values = Object.fromEntries(
    Object.entries(secrets).map(([name, s]) => [name, Buffer.from(s.value).toString()]),
  );
  return { values, secrets, receipt };
};

describe('Register it once, then read it from node code', () => {
  it('resolves a registered secret when an execution starts', async () => {
    const { receipt } = await admin.secrets.addSecret(
      { name: 'A', content: { case: 'value', value: bytes('first') } },
      as(service.adminApiKey),
    );
    expect(receipt?.paddedBytes).toBe(64);
    const { executionToken } = await start();
    expect((await resolve(executionToken)).values).toEqual({ A: 'first' });
  });

  it('pins what an execution sees, whatever changes meanwhile', async () => {
    const before = await start();
    await admin.secrets.replaceSecret(
      { name: 'A', content: { case: 'value', value: bytes('second') } },
      as(service.adminApiKey),
    );
    const after = await start();
    expect((await resolve(before.executionToken)).values['A']).toBe('first');
    expect((await resolve(after.executionToken)).values['A']).toBe('second');
    await admin.secrets.deleteSecret({ name: 'A' }, as(service.adminApiKey));
    expect((await resolve(after.executionToken)).values['A']).toBe('second');
    expect((await resolve((await start()).executionToken)).values).toEqual({});
  });

  it('lets a config override win, for executions invoked with that config only', async () => {
    const key = as(service.adminApiKey);
    await admin.secrets.addSecret({ name: 'B', content: { case: 'value', value: bytes('tenant') } }, key);
    const { flowConfig } = await admin.flowConfigs.createFlowConfig(
      { flowId: 'flow', profileName: 'eu' },
      key,
    );
    const configId = flowConfig?.configId ?? '';
    await admin.flowConfigs.setSecretOverride(
      { configId, name: 'B', content: { case: 'value', value: bytes('override') } },
      key,
    );
    const plain = await resolve((await start()).executionToken);
    const overridden = await resolve((await start({ case: 'profileName', value: 'eu' })).executionToken);
    expect(plain.values['B']).toBe('tenant');
    expect(overridden.values['B']).toBe('override');
    expect(overridden.secrets['B']?.source).toBe(SecretSource.CONFIG);
    expect(overridden.receipt?.configId).toBe(configId);
  });

  it('gives an ended execution nothing', async () => {
    const { executionToken } = await start();
    await engine.executions.endExecution({ executionToken });
    await expect(resolve(executionToken)).rejects.toMatchObject({ codeName: 'UNAUTHENTICATED' });
  });

  it('takes a leaked credential from running executions when asked to', async () => {
    const key = as(service.adminApiKey);
    await admin.secrets.addSecret({ name: 'LEAKED', content: { case: 'value', value: bytes('leak') } }, key);
    const { executionToken } = await start();
    await admin.secrets.deleteSecret({ name: 'LEAKED', revokeRunning: true }, key);
    const { values, receipt } = await resolve(executionToken);
    expect(values).not.toHaveProperty('LEAKED');
    expect(receipt?.revokedNames).toEqual(['LEAKED']);
    const { executions } = await sidecar.executions.reportReads({ executions: [{ executionToken }] });
    expect(executions).toMatchObject([{ active: true, revokedNames: ['LEAKED'] }]);
  });

  it('goes on after a restart with what was stored', async () => {
    for (const client of [admin, engine, sidecar]) client.close();
    service = await service.restart();
    admin = managementClients(service);
    engine = executionClients(service, 'engine');
    sidecar = executionClients(service, 'sidecar');
    expect((await resolve((await start()).executionToken)).values).toEqual({ B: 'tenant' });
  });
});
