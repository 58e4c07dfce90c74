/** A list of names that can be searched once it is too long to read. What is searched for is in the address. */

import { useDeferredValue, useEffect, useMemo, useState, type ReactNode } from 'react';
import { Empty } from './listing';
import { useAddressParameter } from './use-address';
import type { Reveal } from './use-reveal';

/** From this many names on a list is easier to search than to read. */
const FILTER_FROM = 12;
/** The address follows the typing at a distance: browsers allow few changes of it. */
const ADDRESS_AFTER_MS = 300;
const PARAMETER = 'find';

interface FilteredProps<Row extends { readonly name: string }> {
  readonly rows: readonly Row[];
  /** What one row is, as `a secret`, and many are, as `secrets`. */
  readonly one: string;
  readonly many: string;
  /** A row that must be seen: what hides it is taken away. */
  readonly mustShow?: Reveal | undefined;
  readonly children: (rows: readonly Row[]) => ReactNode;
}

export function Filtered<Row extends { readonly name: string }>({
  rows,
  one,
  many,
  mustShow,
  children,
}: FilteredProps<Row>) {
  const [filter, setFilter] = useFilter();
  const text = filter.trim();
  const [shown, setShown] = useState(mustShow);
  if (mustShow !== shown) {
    setShown(mustShow);
    if (mustShow !== undefined && !matches(mustShow.key, text)) setFilter('');
  }
  // Typing goes on while the list is made.
  const wantedText = useDeferredValue(text);
  const wanted = useMemo(() => rows.filter(({ name }) => matches(name, wantedText)), [rows, wantedText]);
  // A list that has become short again still says what it is narrowed by.
  if (rows.length < FILTER_FROM && text === '') return children(rows);
  return (
    <>
      <input
        type="search"
        className="filter"
        aria-label={`Find ${one}`}
        placeholder={`Find one of ${rows.length.toLocaleString()} ${many}`}
        autoComplete="off"
        spellCheck={false}
        value={filter}
        onChange={(event) => setFilter(event.target.value)}
      />
      <p className="visually-hidden" role="status">
        {text !== '' && `${wanted.length} of ${rows.length} ${many}`}
      </p>
      {wanted.length === 0 ? <Empty title={`No name has “${wantedText}” in it.`} /> : children(wanted)}
    </>
  );
}

function matches(name: string, text: string): boolean {
  return name.toLowerCase().includes(text.toLowerCase());
}

/** What is searched for: in the address too. */
function useFilter(): [string, (filter: string) => void] {
  const [addressed, setAddressed] = useAddressParameter(PARAMETER);
  const [filter, setFilter] = useState(addressed);
  useEffect(() => {
    if (filter === addressed) return;
    const timer = setTimeout(() => setAddressed(filter), ADDRESS_AFTER_MS);
    return () => clearTimeout(timer);
  });
  return [filter, setFilter];
}
