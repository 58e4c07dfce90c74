/** Which secrets count as unread, and what can truly be said where none does. */

import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { SecretUsage } from '../../../gen/axiom/usage/v1/usage_pb';

const DAY_MS = 86_400_000;

/** As they are in the address. */
export const UNREAD = [
  { value: '', title: 'Every secret' },
  { value: 'never', title: 'Never read' },
  { value: '7', title: 'Not read for 7 days' },
  { value: '30', title: 'Not read for 30 days' },
  { value: '90', title: 'Not read for 90 days' },
  { value: '365', title: 'Not read for a year' },
] as const;

export type Unread = (typeof UNREAD)[number]['value'];

export function isUnread(text: string): text is Unread {
  return UNREAD.some(({ value }) => value === text);
}

/** A secret that was added within the time and not read since has not gone unread for it. */
export function unreadSecrets(
  secrets: readonly SecretUsage[],
  unread: Unread,
  now = Date.now(),
): readonly SecretUsage[] {
  if (unread === '') return secrets;
  if (unread === 'never') return secrets.filter(({ lastReadTime }) => lastReadTime === undefined);
  const before = now - Number(unread) * DAY_MS;
  return secrets.filter((secret) => sinceMs(secret) < before);
}

/** Says of secrets none of which is unread what they are. */
export function noneUnreadText(secrets: readonly SecretUsage[], unread: Unread): string {
  const young = secrets.filter(({ lastReadTime }) => lastReadTime === undefined).length;
  if (unread === 'never') return 'Every secret has been read.';
  if (young === 0) return 'Every secret has been read in that time.';
  const read = secrets.length - young;
  const added = `${counted(young)} added in that time, and not read so far.`;
  return read === 0 ? added : `${counted(read)} read in that time; ${added}`;
}

/** When it was last read, or added where it never was. */
function sinceMs({ lastReadTime, createTime }: SecretUsage): number {
  const since = lastReadTime ?? createTime;
  return since === undefined ? 0 : timestampMs(since);
}

function counted(count: number): string {
  return count === 1 ? '1 secret was' : `${count.toLocaleString()} secrets were`;
}
