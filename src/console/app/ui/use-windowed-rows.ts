/** Of a long list only what is near the screen is in the document, so that a thousand rows cost as much as thirty. */

import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useState, type RefObject } from 'react';
import { usePrinting } from './use-printing';

/** So many rows are rendered whole: a browser's own search then finds them all. */
const WHOLE_UP_TO = 100;
/** Rows that are ready above and below the screen. */
const OVERSCAN = 4;

/** A row to render, and the pixels of those that are not rendered before it. */
export interface WindowedRow {
  readonly index: number;
  readonly gap: number;
}

export interface WindowedRows {
  readonly shown: readonly WindowedRow[];
  /** Pixels of rows that are not rendered after the last. */
  readonly below: number;
  /** Given to each row, which has its place in `data-index`. Undefined where every row is rendered. */
  readonly measure: ((row: HTMLElement | null) => void) | undefined;
  scrollTo(index: number): void;
}

interface WindowedRowsOptions {
  readonly count: number;
  readonly keyOf: (index: number) => string;
  /** About how high a row is. */
  readonly rowHeight: number;
  /** A row that stays rendered wherever the screen is: the one that has the focus. It is looked at as the screen moves. */
  readonly kept: RefObject<number | undefined>;
}

/** @param body what holds the rows. */
export function useWindowedRows(
  body: RefObject<HTMLElement | null>,
  { count, keyOf, rowHeight, kept }: WindowedRowsOptions,
): WindowedRows {
  // Paper has no window: every row is printed.
  const isPrinting = usePrinting();
  const isWindowed = count > WHOLE_UP_TO && !isPrinting;
  const [top, setTop] = useState(0);
  // What is above the list may grow or go with any render.
  useLayoutEffect(() => {
    if (isWindowed && body.current !== null)
      setTop(Math.round(body.current.getBoundingClientRect().top + window.scrollY));
  });
  const rows = useWindowVirtualizer({
    count: isWindowed ? count : 0,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    scrollMargin: top,
    getItemKey: keyOf,
    rangeExtractor: (range) => {
      const near = defaultRangeExtractor(range);
      const { current: row } = kept;
      if (row === undefined || row >= range.count || near.includes(row)) return near;
      return [...near, row].sort((a, b) => a - b);
    },
  });
  // Rows of another layout have other heights.
  useLayoutEffect(() => rows.measure(), [rows, rowHeight]);
  if (!isWindowed) {
    return {
      shown: Array.from({ length: count }, (_, index) => ({ index, gap: 0 })),
      below: 0,
      measure: undefined,
      scrollTo: (index) => body.current?.children[index]?.scrollIntoView({ block: 'center' }),
    };
  }
  let end = top;
  const shown = rows.getVirtualItems().map((item) => {
    const gap = item.start - end;
    end = item.end;
    return { index: item.index, gap };
  });
  return {
    shown,
    below: rows.getTotalSize() - (end - top),
    measure: rows.measureElement,
    scrollTo: (index) => rows.scrollToIndex(index, { align: 'center' }),
  };
}
