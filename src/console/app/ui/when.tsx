/** A moment in the viewer's own zone, short on the page and exact on hover. */

import { timestampDate, type Timestamp } from '@bufbuild/protobuf/wkt';

const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const MINUTE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

interface WhenProps {
  readonly time: Timestamp | undefined;
  /** How much of it stands on the page. */
  readonly to?: 'day' | 'minute';
  /** What stands there when there is no such moment. */
  readonly none?: string;
}

export function When({ time, to = 'minute', none = '—' }: WhenProps) {
  if (time === undefined) return <>{none}</>;
  const date = timestampDate(time);
  return (
    <time dateTime={date.toISOString()} title={EXACT.format(date)}>
      {(to === 'day' ? DAY : MINUTE).format(date)}
    </time>
  );
}
