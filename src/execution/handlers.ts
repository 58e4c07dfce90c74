/** All handlers of the execution server, by service: what its doors put on a wire. */

import { AccessService } from '../gen/axiom/access/v1/access_pb';
import { ExecutionsService } from '../gen/axiom/executions/v1/executions_pb';
import { MaintenanceService } from '../gen/axiom/maintenance/v1/maintenance_pb';
import { SecretsService } from '../gen/axiom/secrets/v1/secrets_pb';
import type { Call } from '../domain/call';
import type { WorkloadPrincipal } from '../domain/principal';
import type {
  EndExecutionRequest,
  ReportReadsRequest,
  StartExecutionRequest,
} from '../gen/axiom/executions/v1/executions_pb';
import type { ResolveForExecutionRequest } from '../gen/axiom/secrets/v1/secrets_pb';
import type { ExecutionServerContext } from './context';
import { endExecution } from './end';
import { maintenanceHandlers } from './maintenance';
import { reportReads } from './reads';
import { resolveForExecution } from './resolve';
import { startExecution } from './start';
import { tenantsHandlers } from './tenants';

type WorkloadCall = Call<WorkloadPrincipal>;

export function executionServices(context: ExecutionServerContext) {
  return [
    {
      service: ExecutionsService,
      handlers: {
        startExecution: (call: WorkloadCall, request: StartExecutionRequest) =>
          startExecution(context, call, request),
        endExecution: (call: WorkloadCall, request: EndExecutionRequest) =>
          endExecution(context, call, request),
        reportReads: (call: WorkloadCall, request: ReportReadsRequest) => reportReads(context, call, request),
      },
    },
    {
      service: SecretsService,
      handlers: {
        resolveForExecution: (call: WorkloadCall, request: ResolveForExecutionRequest) =>
          resolveForExecution(context, call, request),
      },
    },
  ] as const;
}

export function operatorServices(context: ExecutionServerContext) {
  return [
    { service: AccessService, handlers: tenantsHandlers(context) },
    { service: MaintenanceService, handlers: maintenanceHandlers(context) },
  ] as const;
}
