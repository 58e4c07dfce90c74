/** What the audit log is narrowed to: as it is in the address, and as the service is asked for it. */

import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { AuditOutcome } from '../../../gen/axiom/audit/v1/audit_pb';

export interface AuditSearch {
  readonly part: string;
  readonly action: string;
  /** What the principal begins with. */
  readonly by: string;
  readonly outcome: string;
  /** Days of the viewer's zone, as `2026-11-28`, both included. */
  readonly from: string;
  readonly until: string;
}

export const OUTCOMES = [
  { value: '', title: 'Any outcome', outcome: AuditOutcome.UNSPECIFIED },
  { value: 'ok', title: 'OK', outcome: AuditOutcome.OK },
  { value: 'failed', title: 'Failed', outcome: AuditOutcome.FAILED },
  { value: 'denied', title: 'Denied', outcome: AuditOutcome.DENIED },
];

/** @returns what is in the address, a function that sets it, and what to ask the service for. */
export function useAuditSearch() {
  const [params, setParams] = useSearchParams();
  const text = (name: string) => params.get(name) ?? '';
  const search: AuditSearch = {
    part: text('part'),
    action: text('action'),
    by: text('by'),
    outcome: text('outcome'),
    from: text('from'),
    until: text('until'),
  };
  const set = (next: AuditSearch) =>
    setParams(Object.fromEntries(Object.entries(next).filter(([, value]) => value !== '')), {
      replace: true,
    });
  const { part, action, by, outcome, from, until } = search;
  const request = useMemo(
    () => ({
      ...{ part, action, principalPrefix: by },
      outcome: OUTCOMES.find(({ value }) => value === outcome)?.outcome ?? AuditOutcome.UNSPECIFIED,
      ...timeOf('fromTime', from, 0),
      ...timeOf('untilTime', until, 1),
    }),
    [part, action, by, outcome, from, until],
  );
  return [search, set, request] as const;
}

/** The beginning of that day, or of one after it. */
function timeOf(field: 'fromTime' | 'untilTime', day: string, daysAfter: number) {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? [];
  if (date === undefined) return {};
  return { [field]: timestampFromDate(new Date(Number(year), Number(month) - 1, Number(date) + daysAfter)) };
}
