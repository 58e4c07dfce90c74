/** A log record as the sidecar takes it: attributes are text, and what is no text is its JSON form. */

import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb';
import { LogRecord, type LogLevelMap } from './node_pb';
import { wireText } from './wire-text';

export type LogLevel = LogLevelMap[keyof LogLevelMap];

export function logRecord(
  level: LogLevel,
  message: unknown,
  attributes: Record<string, unknown> = {},
  now = new Date(),
): LogRecord {
  const time = new Timestamp();
  time.fromDate(now);
  const record = new LogRecord();
  record.setTime(time);
  record.setLevel(level);
  record.setMessage(wireText(asText(message)));
  for (const [name, value] of Object.entries(attributes ?? {})) {
    record.getAttributesMap().set(wireText(name), wireText(asText(value)));
  }
  return record;
}

/** Logging never fails: what JSON cannot hold is named by its type. */
function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  try {
    return JSON.stringify(value, bigintAsText) ?? String(value);
  } catch {
    return `[${typeof value}]`;
  }
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
