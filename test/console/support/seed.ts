/** What stands in the service for pictures and for tests that need something to look at. */

import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { ReportReadsRequestSchema } from '../../../src/gen/axiom/executions/v1/executions_pb';
import { as, bytes, executionClients } from '../../support/clients';
import type { ConsoleUnderTest } from './console';

const GREETER = `name: my-org/greeter
version: 0.1.0
language: python
description: Greets the caller, signing with the tenant's configured signature.
nodes:
  - name: Greet
    description: One greeting for one name.
    input: GreetRequest
    output: GreetReply
    required_secrets: [GREETER_SIGNATURE]
  - name: Translate
    input: GreetReply
    output: GreetReply
    type: pipeline
    required_secrets: [ANTHROPIC_API_KEY, DEEPL_TOKEN]
`;
const PLAIN = `name: my-org/clock
version: 2.4.0
language: go
nodes:
  - name: Now
    input: NowRequest
    output: NowReply
`;

export const SEEDED_SECRETS = [
  'ANTHROPIC_API_KEY',
  'GREETER_SIGNATURE',
  'ORDERS_DATABASE_URL',
  'SMTP_PASSWORD',
];

/** Secrets, two packages, a flow with two profiles, and reads: some found, one missed. */
export async function seed({ service, admin }: ConsoleUnderTest): Promise<void> {
  const key = as(service.adminApiKey);
  for (const name of SEEDED_SECRETS)
    await admin.secrets.addSecret({ name, content: { case: 'value', value: bytes(`seeded ${name}`) } }, key);
  await admin.packages.publishPackage({ manifest: bytes(GREETER.replace('0.1.0', '0.0.9')) }, key);
  for (const manifest of [GREETER, PLAIN])
    await admin.packages.publishPackage({ manifest: bytes(manifest) }, key);
  await admin.flowConfigs.createFlowConfig({ flowId: 'checkout', profileName: 'default' }, key);
  const nodeTimeout = { seconds: 45n, nanos: 0 };
  const { flowConfig } = await admin.flowConfigs.createFlowConfig(
    { flowId: 'checkout', profileName: 'europe', nodeTimeout },
    key,
  );
  for (const name of ['ANTHROPIC_API_KEY', 'SMTP_PASSWORD']) {
    await admin.flowConfigs.setSecretOverride(
      { configId: flowConfig?.configId ?? '', name, content: { case: 'value', value: bytes('europe') } },
      key,
    );
  }
  await reportReads(service);
}

async function reportReads(service: ConsoleUnderTest['service']): Promise<void> {
  const engine = executionClients(service, 'engine');
  const sidecar = executionClients(service, 'sidecar');
  const { executionToken } = await engine.executions.startExecution({
    tenantId: 'default',
    flowId: 'welcome',
  });
  const read = (name: string, found: boolean, count: number) => ({
    ...{ name, found, count, package: 'my-org/greeter', packageVersion: '0.1.0', node: 'Greet' },
    lastReadTime: timestampFromMs(Date.now()),
  });
  const reads = [
    read('GREETER_SIGNATURE', true, 1_204),
    read('ANTHROPIC_API_KEY', true, 3),
    read('ANTROPIC_API_KEY', false, 2),
  ];
  await sidecar.executions.reportReads(
    create(ReportReadsRequestSchema, { executions: [{ executionToken, reads }] }),
  );
  engine.close();
  sidecar.close();
}
