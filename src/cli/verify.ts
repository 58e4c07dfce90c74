/** `axiom verify`: opens everything that a service keeps and prints counts, never values. */

import { toJson, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import { MAX_NOTE_BYTES } from '../domain/signed-note';
import { AccessService } from '../gen/axiom/access/v1/access_pb';
import {
  FaultKind,
  MaintenanceService,
  VerifyCheckpointResponseSchema,
  VerifyServiceLogResponseSchema,
  VerifyTenantResponseSchema,
  type Fault,
} from '../gen/axiom/maintenance/v1/maintenance_pb';
import type { WireClient } from '../wire/client';
import { EXIT } from './exit-codes';
import { atOperatorDoor, type OperatorFlags } from './operator-door';
import { note, print, printTable } from './output';
import { readFileUpTo } from './read-input';
import { allTenants } from './tenants';

interface Flags extends OperatorFlags {
  readonly tenant?: string;
  readonly checkpoint?: string;
  readonly json?: boolean;
}

/** What was looked at: a tenant, the service's own log, or a log beside a checkpoint. */
interface Verified {
  /** As it is told to people. */
  readonly what: string;
  readonly line: object;
  /** Secrets, overrides, bundles, events. */
  readonly counts: readonly string[];
  readonly faults: readonly Fault[];
}

const EXAMPLES = `
Opens every secret and override and checks every audit log against the checkpoints that the store keeps; exits
with 1 when something is not as it was written. Secrets that do not open can still be deleted, or saved again.
A checkpoint from elsewhere (\`axiom audit checkpoint\`, or the log stream) also shows what was changed together
with the store's own.

Examples:
  axiom verify
  axiom verify --tenant acme --json
  axiom verify --checkpoint acme.checkpoint`;

export function registerVerify(program: Command): void {
  program
    .command('verify')
    .description('prove that every stored secret opens and that the audit logs are whole')
    .option('--data-dir <folder>', 'data folder of the service')
    .option('--tenant <id>', 'only this tenant')
    .option('--checkpoint <file>', 'also compare the log that this checkpoint is of')
    .option('--json', "print one line of JSON for each tenant, for the service's log and for the checkpoint")
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Flags) => {
      const checkpoint = flags.checkpoint === undefined ? undefined : await readNote(flags.checkpoint);
      const verified = await atOperatorDoor(flags, (client) =>
        verifyAll(client(MaintenanceService), client(AccessService), flags.tenant, checkpoint),
      );
      if (flags.json) for (const { line } of verified) print(JSON.stringify(line));
      else show(verified);
      if (verified.some(({ faults }) => faults.length > 0)) process.exitCode = EXIT.failure;
    });
}

async function readNote(path: string): Promise<string> {
  const limit = { bytes: MAX_NOTE_BYTES, reason: 'a checkpoint is shorter' };
  return (await readFileUpTo(path, 'the checkpoint', limit)).toString('utf8');
}

/** One after the other: each takes a core, and executions are served meanwhile. */
async function verifyAll(
  door: WireClient<typeof MaintenanceService>,
  access: WireClient<typeof AccessService>,
  tenant: string | undefined,
  checkpoint: string | undefined,
): Promise<Verified[]> {
  const verified: Verified[] = [];
  const ids = tenant === undefined ? (await allTenants(access)).map((one) => one.tenantId) : [tenant];
  for (const tenantId of ids) {
    const answer = await door.verifyTenant({ tenantId });
    const { secretCount, overrideCount, bundleCount, auditEventCount, faults } = answer;
    const counts = [secretCount, overrideCount, bundleCount, auditEventCount].map(String);
    const line = { tenantId, ...toObject(VerifyTenantResponseSchema, answer) };
    verified.push({ what: tenantId, line, counts, faults });
  }
  if (tenant === undefined) {
    const answer = await door.verifyServiceLog({});
    const counts = ['-', '-', '-', String(answer.auditEventCount)];
    const line = { serviceLog: true, ...toObject(VerifyServiceLogResponseSchema, answer) };
    verified.push({ what: '(service)', line, counts, faults: answer.faults });
  }
  if (checkpoint !== undefined) {
    const answer = await door.verifyCheckpoint({ note: checkpoint });
    const { tenantId, size, auditEventCount, faults } = answer;
    const counts = ['-', '-', '-', String(auditEventCount)];
    const line = { checkpoint: true, ...toObject(VerifyCheckpointResponseSchema, answer) };
    verified.push({ what: `${tenantId || '(service)'} since event ${size}`, line, counts, faults });
  }
  return verified;
}

function toObject<D extends DescMessage>(schema: D, message: MessageShape<D>): object {
  return toJson(schema, message, { alwaysEmitImplicit: true }) as object;
}

function show(verified: readonly Verified[]): void {
  printTable(
    ['TENANT', 'SECRETS', 'OVERRIDES', 'BUNDLES', 'AUDIT EVENTS', 'FAULTS'],
    verified.map(({ what, counts, faults }) => [what, ...counts, String(faults.length)]),
  );
  for (const { what, faults } of verified) for (const fault of faults) note(`${what}: ${sentence(fault)}`);
}

function sentence({ kind, scope, name, version }: Fault): string {
  switch (kind) {
    case FaultKind.KEYSETS_DO_NOT_OPEN:
      return 'the keysets do not open; restore the execution/ folder that belongs to this store';
    case FaultKind.SECRET_DOES_NOT_OPEN:
      return `${scope}: ${name} (version ${version}) does not open; save it again or delete it`;
    case FaultKind.BUNDLE_DOES_NOT_OPEN:
      return `${scope}: the bundle of revision ${version}, or a part of it, does not open; it is made again from the secrets when it is needed`;
    case FaultKind.AUDIT_CHAIN_BROKEN:
      return `the audit log was changed at event ${version}, or one before it was taken out`;
    case FaultKind.AUDIT_LOG_CUT:
      return `a signed checkpoint tells of event ${version}, and the audit log ends before it: it was cut, or the store is an older one`;
    case FaultKind.AUDIT_LOG_REWRITTEN:
      return `event ${version} is not the one that a signed checkpoint tells of: it or one before it was changed`;
    case FaultKind.AUDIT_CHECKPOINT_NOT_SIGNED:
      return `the checkpoint of event ${version} that the store keeps is not signed by this service`;
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
      return "something is wrong that this version does not know; use the CLI of the service's version";
  }
}
