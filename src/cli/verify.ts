/** `axiom verify`: opens everything that a service keeps and prints counts, never values. */

import type { Command } from 'commander';
import { AccessService } from '../gen/axiom/access/v1/access_pb';
import {
  FaultKind,
  MaintenanceService,
  VerifyTenantResponseSchema,
  type Fault,
  type VerifyTenantResponse,
} from '../gen/axiom/maintenance/v1/maintenance_pb';
import { toJson } from '@bufbuild/protobuf';
import { EXIT } from './exit-codes';
import { atOperatorDoor, type OperatorFlags } from './operator-door';
import { note, print, printTable } from './output';
import { allTenants } from './tenants';

interface Flags extends OperatorFlags {
  readonly tenant?: string;
  readonly json?: boolean;
}

interface Verified {
  readonly tenantId: string;
  readonly answer: VerifyTenantResponse;
}

const EXAMPLES = `
Opens every secret and override and checks every tenant's audit log; exits with 1 when something is not
as it was written. Secrets that do not open can still be deleted, or saved again.

Examples:
  axiom verify
  axiom verify --tenant acme --json`;

export function registerVerify(program: Command): void {
  program
    .command('verify')
    .description('prove that every stored secret opens and that the audit log is whole')
    .option('--data-dir <folder>', 'data folder of the service')
    .option('--tenant <id>', 'only this tenant')
    .option('--json', 'print one line of JSON a tenant')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Flags) => {
      const verified = await atOperatorDoor(flags, async (client) => {
        const ids =
          flags.tenant === undefined
            ? (await allTenants(client(AccessService))).map((one) => one.tenantId)
            : [flags.tenant];
        const results: Verified[] = [];
        // One after the other: each takes a core, and executions are served meanwhile.
        for (const tenantId of ids) {
          const answer = await client(MaintenanceService).verifyTenant({ tenantId }, {});
          results.push({ tenantId, answer });
        }
        return results;
      });
      if (flags.json) for (const one of verified) print(JSON.stringify(toLine(one)));
      else show(verified);
      if (verified.some(({ answer }) => answer.faults.length > 0)) process.exitCode = EXIT.failure;
    });
}

function toLine({ tenantId, answer }: Verified) {
  return {
    tenantId,
    ...(toJson(VerifyTenantResponseSchema, answer, { alwaysEmitImplicit: true }) as object),
  };
}

function show(verified: readonly Verified[]): void {
  printTable(
    ['TENANT', 'SECRETS', 'OVERRIDES', 'BUNDLES', 'AUDIT EVENTS', 'FAULTS'],
    verified.map(({ tenantId, answer }) => {
      const { secretCount, overrideCount, bundleCount, auditEventCount, faults } = answer;
      return [
        tenantId,
        ...[secretCount, overrideCount, bundleCount, auditEventCount, faults.length].map(String),
      ];
    }),
  );
  for (const { tenantId, answer } of verified)
    for (const fault of answer.faults) note(`${tenantId}: ${sentence(fault)}`);
}

function sentence({ kind, scope, name, version }: Fault): string {
  switch (kind) {
    case FaultKind.KEYSETS_DO_NOT_OPEN:
      return 'the keysets do not open; restore the execution/ folder that belongs to this store';
    case FaultKind.SECRET_DOES_NOT_OPEN:
      return `${scope}: ${name} (version ${version}) does not open; save it again or delete it`;
    case FaultKind.BUNDLE_DOES_NOT_OPEN:
      return `${scope}: the bundle of revision ${version} does not open; it is made again from the secrets when it is needed`;
    case FaultKind.AUDIT_CHAIN_BROKEN:
      return `the audit log was changed at event ${version}, or one before it was taken out`;
    case FaultKind.SECRETS_INCOMPLETE:
      return `${scope}: secrets were added, taken away or set back beneath the service; restore a backup`;
    case FaultKind.SECRET_NOT_AS_WRITTEN:
      return `${scope}: ${name} (version ${version}) is not as a server wrote it; save it again or delete it`;
    case FaultKind.SCOPE_NOT_AS_WRITTEN:
      return `${scope}: what says which secrets there are is not as a server wrote it; restore a backup`;
    case FaultKind.FLOW_CONFIGS_NOT_AS_WRITTEN:
      return 'the flow configs are not those that were written; restore a backup';
    case FaultKind.API_KEYS_NOT_AS_WRITTEN:
      return 'the API keys are not those that were written, so none is let in; restore a backup';
    case FaultKind.ROW_NOT_AS_WRITTEN:
      return `a row of ${name} is not as a server wrote it; find out who changed the database`;
    case FaultKind.UNSPECIFIED:
      return 'something is wrong that this version does not know; use the CLI of the service’s version';
  }
}
