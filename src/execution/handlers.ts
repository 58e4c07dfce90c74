/** All handlers of the execution server, by service: what its doors put on a wire. */

import type { Handlers } from '../domain/call';
import type { WorkloadPrincipal } from '../domain/principal';
import { SerializedMessage } from '../domain/serialized';
import { servedService } from '../domain/served-service';
import { AuditLogsService } from '../gen/axiom/audit/v1/audit_pb';
import { AccessService } from '../gen/axiom/access/v1/access_pb';
import { ExecutionsService } from '../gen/axiom/executions/v1/executions_pb';
import { MaintenanceService } from '../gen/axiom/maintenance/v1/maintenance_pb';
import { PackagesService } from '../gen/axiom/packages/v1/packages_pb';
import { SecretsService } from '../gen/axiom/secrets/v1/secrets_pb';
import { auditLogsHandlers } from './audit-logs';
import type { ExecutionServerContext } from './context';
import { endExecution } from './end';
import { maintenanceHandlers } from './maintenance';
import { operatorPackagesHandlers } from './packages';
import { reportReads } from './reads';
import { resolveForExecution } from './resolve';
import { startExecution } from './start';
import { serializeStarted } from './started-message';
import { tenantsHandlers } from './tenants';

type ExecutionMethods = 'startExecution' | 'endExecution' | 'reportReads';

function executionsHandlers(
  context: ExecutionServerContext,
): Handlers<typeof ExecutionsService, ExecutionMethods, WorkloadPrincipal, SerializedMessage> {
  return {
    async startExecution(call, request) {
      return new SerializedMessage([serializeStarted(await startExecution(context, call, request))]);
    },
    async endExecution(call, request) {
      await endExecution(context, call, request);
      // Its answer has no fields.
      return new SerializedMessage([]);
    },
    reportReads: (call, request) => reportReads(context, call, request),
  };
}

function resolveHandlers(
  context: ExecutionServerContext,
): Handlers<typeof SecretsService, 'resolveForExecution', WorkloadPrincipal, SerializedMessage> {
  return { resolveForExecution: (call, request) => resolveForExecution(context, call, request) };
}

export function executionServices(context: ExecutionServerContext) {
  return [
    servedService(ExecutionsService, executionsHandlers(context)),
    servedService(SecretsService, resolveHandlers(context)),
  ];
}

export function operatorServices(context: ExecutionServerContext) {
  return [
    servedService(AccessService, tenantsHandlers(context)),
    servedService(AuditLogsService, auditLogsHandlers(context)),
    servedService(MaintenanceService, maintenanceHandlers(context)),
    servedService(PackagesService, operatorPackagesHandlers(context)),
  ];
}
