/** Hands on what nodes write through ax.log, with the execution's values masked. */

import { timestampDate } from '@bufbuild/protobuf/wkt';
import type { Logger } from 'pino';
import { LogLevel, type LogRecord } from '../gen/axiom/node/v1/node_pb';
import type { ExecutionSecrets } from './execution-secrets';
import type { Reader } from './reads';

const LEVELS = {
  [LogLevel.UNSPECIFIED]: 'info',
  [LogLevel.DEBUG]: 'debug',
  [LogLevel.INFO]: 'info',
  [LogLevel.WARN]: 'warn',
  [LogLevel.ERROR]: 'error',
} as const;

/** `{execution, tenant, flow, node, package, nodeTime, attributes}` and the message, at the record's level. */
export class NodeLog {
  constructor(private readonly logger: Logger) {}

  write(secrets: ExecutionSecrets, reader: Reader, record: LogRecord): void {
    const { executionId, tenantId, flowId } = secrets.ids;
    const attributes = Object.entries(record.attributes).map(([key, value]) => [
      secrets.mask(key),
      secrets.mask(value),
    ]);
    this.logger[LEVELS[record.level] ?? 'info'](
      {
        execution: executionId,
        tenant: tenantId,
        flow: flowId,
        node: reader.node,
        package: `${reader.package}@${reader.packageVersion}`,
        ...(record.time === undefined ? {} : { nodeTime: isoTime(record.time) }),
        attributes: Object.fromEntries(attributes) as Record<string, string>,
      },
      // pino takes % in a message for a placeholder only where arguments follow; none do.
      secrets.mask(record.message),
    );
  }
}

function isoTime(time: NonNullable<LogRecord['time']>): string | undefined {
  const date = timestampDate(time);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
