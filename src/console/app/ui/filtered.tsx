/** A list of names that can be searched once it is too long to read. */

import { useState, type ReactNode } from 'react';
import { Empty } from './listing';

/** From this many names on a list is easier to search than to read. */
const FILTER_FROM = 12;

interface FilteredProps<Row extends { readonly name: string }> {
  readonly rows: readonly Row[];
  /** What one row is, as `a secret`, and many are, as `secrets`. */
  readonly one: string;
  readonly many: string;
  readonly children: (rows: readonly Row[]) => ReactNode;
}

export function Filtered<Row extends { readonly name: string }>({
  rows,
  one,
  many,
  children,
}: FilteredProps<Row>) {
  const [filter, setFilter] = useState('');
  const text = filter.trim();
  const wanted = rows.filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()));
  // A list that has become short again still says what it is narrowed by.
  if (rows.length < FILTER_FROM && text === '') return children(rows);
  return (
    <>
      <input
        type="search"
        className="filter"
        aria-label={`Find ${one}`}
        placeholder={`Find one of ${rows.length} ${many}`}
        autoComplete="off"
        spellCheck={false}
        value={filter}
        onChange={(event) => setFilter(event.target.value)}
      />
      <p className="visually-hidden" role="status">
        {text !== '' && `${wanted.length} of ${rows.length} ${many}`}
      </p>
      {wanted.length === 0 ? <Empty title={`No name has “${text}” in it.`} /> : children(wanted)}
    </>
  );
}
