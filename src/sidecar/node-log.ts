/** Hands on what nodes write through ax.log, cut to a size and with the execution's values masked. */

import type { Logger } from 'pino';
import { LogLevel } from '../gen/axiom/node/v1/node_pb';
import type { ExecutionSecrets } from './execution-secrets';
import type { FairQueue, SlicedWork } from './fair-queue';
import type { NodeLogRecord } from './node-events';
import type { Reader } from './reads';

const LEVELS = {
  [LogLevel.UNSPECIFIED]: 'info',
  [LogLevel.DEBUG]: 'debug',
  [LogLevel.INFO]: 'info',
  [LogLevel.WARN]: 'warn',
  [LogLevel.ERROR]: 'error',
} as const;

/** Of one record's message, keys and values together so many bytes are handed on. */
export const RECORD_BYTES = 32_768;
const KEY_BYTES = 256;

/** `{execution, tenant, flow, node, package, nodeTime, attributes, cut}` and the message, at the record's level. */
export class NodeLog {
  constructor(
    private readonly logger: Logger,
    private readonly queue: FairQueue,
  ) {}

  /** Resolves when the record has been handed on: a node that logs faster than that waits. */
  write(secrets: ExecutionSecrets, reader: Reader, record: NodeLogRecord): Promise<undefined> {
    return this.queue.run(secrets.ids.tenantId, this.#write(secrets, reader, record));
  }

  *#write(secrets: ExecutionSecrets, reader: Reader, record: NodeLogRecord): SlicedWork<undefined> {
    yield* secrets.prepareMasking();
    let left = RECORD_BYTES;
    let { cut } = record;
    const masked = (text: Uint8Array, limit: number): string => {
      const most = Math.min(left, limit);
      cut ||= text.length > most;
      left -= Math.min(text.length, most);
      return secrets.mask(text, most);
    };
    const message = masked(record.message, RECORD_BYTES);
    const attributes: [string, string][] = [];
    for (const [key, value] of record.attributes) {
      if (left === 0) {
        cut = true;
        break;
      }
      attributes.push([masked(key, KEY_BYTES), masked(value, RECORD_BYTES)]);
    }
    const { executionId, tenantId, flowId } = secrets.ids;
    const nodeTime = isoTime(record.time);
    this.logger[LEVELS[record.level] ?? 'info'](
      {
        execution: executionId,
        tenant: tenantId,
        flow: flowId,
        node: reader.node,
        package: `${reader.package}@${reader.packageVersion}`,
        ...(nodeTime === undefined ? {} : { nodeTime }),
        attributes: Object.fromEntries(attributes),
        ...(cut ? { cut } : {}),
      },
      // pino takes % in a message for a placeholder only where arguments follow; none do.
      message,
    );
    return undefined;
  }
}

function isoTime(time: number | undefined): string | undefined {
  const date = new Date(time ?? NaN);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
