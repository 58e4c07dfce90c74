/** All handlers of the management server, by service: what its doors put on a wire. */

import { servedService } from '../domain/served-service';
import { AccessService } from '../gen/axiom/access/v1/access_pb';
import { AuditService } from '../gen/axiom/audit/v1/audit_pb';
import { FlowConfigsService } from '../gen/axiom/flowconfigs/v1/flow_configs_pb';
import { PackagesService } from '../gen/axiom/packages/v1/packages_pb';
import { SecretsService } from '../gen/axiom/secrets/v1/secrets_pb';
import { UsageService } from '../gen/axiom/usage/v1/usage_pb';
import { accessHandlers } from './access';
import { auditHandlers } from './audit';
import { auditSearchHandlers } from './audit-search';
import type { ManagementContext } from './context';
import { flowConfigsHandlers } from './flow-configs';
import { overridesHandlers } from './overrides';
import { packagesHandlers } from './packages';
import { publicKeysetHandlers } from './public-keyset';
import { importSecretsHandlers } from './import-secrets';
import { serializeSecretReceipt } from './secret-message';
import { secretsHandlers } from './secrets';
import { sessionsHandlers } from './sessions';
import { usageHandlers } from './usage';

export function managementServices(context: ManagementContext) {
  return [
    servedService(
      SecretsService,
      {
        ...secretsHandlers(context),
        ...importSecretsHandlers(context),
        ...publicKeysetHandlers(context),
      },
      { addSecret: serializeSecretReceipt, replaceSecret: serializeSecretReceipt },
    ),
    servedService(FlowConfigsService, { ...flowConfigsHandlers(context), ...overridesHandlers(context) }),
    servedService(PackagesService, packagesHandlers(context)),
    servedService(AccessService, { ...accessHandlers(context), ...sessionsHandlers(context) }),
    servedService(AuditService, { ...auditHandlers(context), ...auditSearchHandlers(context) }),
    servedService(UsageService, usageHandlers(context)),
  ];
}
