/** A row that was deleted leaves its list in the moment that says so; the service's own answer comes a moment later. */

import { useCallback, useMemo, useState } from 'react';

/** @param keyOf of a row as it is now: one that is made again under the same name has another. */
export function useDeletedRows<Row>(rows: readonly Row[] | undefined, keyOf: (row: Row) => string) {
  const [deleted, setDeleted] = useState<ReadonlySet<string>>(new Set());
  const left = useMemo(() => rows?.filter((row) => !deleted.has(keyOf(row))), [rows, deleted, keyOf]);
  const leaveOut = useCallback(
    (row: Row) => setDeleted((before) => new Set(before).add(keyOf(row))),
    [keyOf],
  );
  return { left, leaveOut };
}
