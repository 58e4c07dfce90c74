/** A moment in the viewer's own zone, short on the page; exact, and in UTC too, on hover. */

import { timestampDate, type Timestamp } from '@bufbuild/protobuf/wkt';

const SHOWN = {
  day: new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' }),
  minute: new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }),
  second: new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' }),
};
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

interface WhenProps {
  readonly time: Timestamp | undefined;
  /** How much of it is on the page. */
  readonly to?: keyof typeof SHOWN;
  /** What is shown when there is no such moment. */
  readonly none?: string;
}

export function When({ time, to = 'minute', none = '—' }: WhenProps) {
  if (time === undefined) return <>{none}</>;
  const date = timestampDate(time);
  const utc = date
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC');
  return (
    <time dateTime={date.toISOString()} title={`${EXACT.format(date)}\n${utc}`}>
      {SHOWN[to].format(date)}
    </time>
  );
}
