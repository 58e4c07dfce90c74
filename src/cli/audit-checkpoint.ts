/** `axiom audit checkpoint`: the newest signed checkpoint of an audit log, to keep where the service cannot reach. */

import { create } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import { GetAuditCheckpointResponseSchema } from '../gen/axiom/audit/v1/audit_pb';
import { withAuditLog, withLogFlags, type LogFlags } from './audit-log';
import { printJson, printText } from './output';

interface Flags extends LogFlags {
  readonly verifierKey?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
A checkpoint is a signed note: origin, size of the log, hash of its newest event. Whoever has one finds with
\`axiom verify --checkpoint\` whatever is changed in the log or cut off it later.

Examples:
  axiom audit checkpoint > acme.checkpoint
  axiom audit checkpoint --service > service.checkpoint
  axiom audit checkpoint --service --verifier-key
  axiom verify --checkpoint acme.checkpoint`;

export function registerAuditCheckpoint(audit: Command): void {
  withLogFlags(audit.command('checkpoint'))
    .description('print the newest signed checkpoint of an audit log')
    .option('--verifier-key', 'print the key that checks checkpoints, for other tools, instead')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Flags) => {
      const { note, verifierKey, signTime } = await withAuditLog(flags, (log) => log.checkpoint());
      const answer = create(GetAuditCheckpointResponseSchema, {
        ...{ note, verifierKey },
        ...(signTime !== undefined && { signTime }),
      });
      if (flags.json) return printJson(GetAuditCheckpointResponseSchema, answer);
      printText(flags.verifierKey === true ? verifierKey : note.trimEnd());
    });
}
