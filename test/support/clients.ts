/** Typed clients of a test service's doors, by credential. */

import { Channel, credentials } from '@grpc/grpc-js';
import { AccessService } from '../../src/gen/axiom/access/v1/access_pb';
import { AuditService } from '../../src/gen/axiom/audit/v1/audit_pb';
import { ExecutionsService } from '../../src/gen/axiom/executions/v1/executions_pb';
import { FlowConfigsService } from '../../src/gen/axiom/flowconfigs/v1/flow_configs_pb';
import { MaintenanceService } from '../../src/gen/axiom/maintenance/v1/maintenance_pb';
import { PackagesService } from '../../src/gen/axiom/packages/v1/packages_pb';
import { SecretsService } from '../../src/gen/axiom/secrets/v1/secrets_pb';
import { UsageService } from '../../src/gen/axiom/usage/v1/usage_pb';
import { wireClient } from '../../src/wire/client';
import type { TestService } from './service';

/** Everything on the management door; pass `as(key)` as each call's options. */
export function managementClients(service: Pick<TestService, 'management' | 'tls'>) {
  const channel = new Channel(service.management, service.tls(), {});
  return {
    secrets: wireClient(SecretsService, channel),
    flowConfigs: wireClient(FlowConfigsService, channel),
    packages: wireClient(PackagesService, channel),
    access: wireClient(AccessService, channel),
    audit: wireClient(AuditService, channel),
    usage: wireClient(UsageService, channel),
    close: () => channel.close(),
  };
}

/** The execution door, as an engine or a sidecar. */
export function executionClients(
  service: Pick<TestService, 'execution' | 'mutualTls'>,
  name: 'engine' | 'sidecar',
) {
  const channel = new Channel(service.execution, service.mutualTls(name), {});
  return {
    executions: wireClient(ExecutionsService, channel),
    secrets: wireClient(SecretsService, channel),
    close: () => channel.close(),
  };
}

/** The operator's door. */
export function operatorClients(service: Pick<TestService, 'operatorSocket'>) {
  const channel = new Channel(`unix:${service.operatorSocket}`, credentials.createInsecure(), {});
  return {
    access: wireClient(AccessService, channel),
    maintenance: wireClient(MaintenanceService, channel),
    packages: wireClient(PackagesService, channel),
    close: () => channel.close(),
  };
}

/** Call options that carry an API key. */
export function as(apiKey: string) {
  return { metadata: { authorization: `Bearer ${apiKey}` } };
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
