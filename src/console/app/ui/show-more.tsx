/** The button under a list that goes on. */

import { ActionButton } from './action-button';

interface ShowMoreProps {
  readonly query: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => unknown;
  };
  readonly label: string;
}

export function ShowMore({ query, label }: ShowMoreProps) {
  if (!query.hasNextPage) return null;
  return (
    <div>
      <ActionButton
        kind="plain"
        label={label}
        busyLabel="Loading…"
        isBusy={query.isFetchingNextPage}
        onClick={() => void query.fetchNextPage()}
      />
    </div>
  );
}
