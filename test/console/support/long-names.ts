/** Names as long as they may be, and lists that are long enough to be searched. */

import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { ReportReadsRequestSchema } from '../../../src/gen/axiom/executions/v1/executions_pb';
import { as, bytes, executionClients } from '../../support/clients';
import type { ConsoleUnderTest } from './console';

export const LONG = {
  name: 'A_NAME_AS_LONG_AS_IT_MAY_BE_'.padEnd(128, 'X'),
  flow: 'f'.repeat(128),
  profile: 'p'.repeat(64),
  package: `my-org/${'without-end-'.repeat(8)}x`,
  node: `Node${'Long'.repeat(15)}`,
  key: 'k'.repeat(128),
};

const MANIFEST = `name: ${LONG.package}
version: 1.0.0-beta.20260101+build.5
language: csharp
nodes:
  - {name: ${LONG.node}, input: ${LONG.node}Request, output: ${LONG.node}Reply, required_secrets: [${LONG.name}, LACKING_ONE]}
`;

export async function putLongNames({ admin, service, keyOf }: ConsoleUnderTest): Promise<void> {
  const key = as(service.adminApiKey);
  for (const name of [LONG.name, ...Array.from({ length: 30 }, (_, index) => `ONE_OF_MANY_${index}`)])
    await admin.secrets.addSecret({ name, content: { case: 'value', value: bytes('x') } }, key);
  const { flowConfig } = await admin.flowConfigs.createFlowConfig(
    { flowId: LONG.flow, profileName: LONG.profile },
    key,
  );
  const configId = flowConfig?.configId ?? '';
  for (const name of [LONG.name, ...Array.from({ length: 20 }, (_, index) => `OVERRIDE_${index}`)])
    await admin.flowConfigs.setSecretOverride(
      { configId, name, content: { case: 'value', value: bytes('x') } },
      key,
    );
  await admin.packages.publishPackage({ manifest: bytes(MANIFEST) }, key);
  await keyOf('editor', LONG.key);
  await reportReads(service);
}

async function reportReads(service: ConsoleUnderTest['service']): Promise<void> {
  const engine = executionClients(service, 'engine');
  const sidecar = executionClients(service, 'sidecar');
  const { executionToken } = await engine.executions.startExecution({
    tenantId: 'default',
    flowId: LONG.flow,
  });
  const read = (name: string, found: boolean) => ({
    ...{ name, found, count: 1, package: LONG.package, packageVersion: '1.0.0', node: LONG.node },
    lastReadTime: timestampFromMs(Date.now()),
  });
  const reads = [
    read(LONG.name, true),
    read(LONG.name.slice(1), false),
    read('no secret could be named so', false),
  ];
  await sidecar.executions.reportReads(
    create(ReportReadsRequestSchema, { executions: [{ executionToken, reads }] }),
  );
  engine.close();
  sidecar.close();
}
