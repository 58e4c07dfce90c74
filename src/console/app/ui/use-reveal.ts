/** Brings a row into sight, once it is there: what was just added is somewhere in a list in order of name. */

import { useLayoutEffect, useRef, type RefObject } from 'react';

export interface Reveal {
  readonly key: string;
}

/** @returns the key of the row that was revealed, to be marked. */
export function useReveal(
  body: RefObject<HTMLElement | null>,
  reveal: Reveal | undefined,
  count: number,
  keyAt: (index: number) => string,
  scrollTo: (index: number) => void,
): string | undefined {
  const pending = useRef<Reveal>(undefined);
  const last = useRef<Reveal>(undefined);
  const needsFocus = useRef(false);

  useLayoutEffect(() => {
    if (reveal !== last.current) pending.current = reveal;
    last.current = reveal;
    const { current: wanted } = pending;
    if (wanted === undefined) return;
    const row = body.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(wanted.key)}"]`);
    if (row && isInSight(row)) {
      // Where it had to be brought into sight, whoever uses a keyboard goes on from there.
      if (needsFocus.current) row.querySelector('th')?.focus({ preventScroll: true });
      needsFocus.current = false;
      pending.current = undefined;
      return;
    }
    const index = indexOf(wanted.key, count, keyAt);
    if (index === undefined) return;
    needsFocus.current = true;
    scrollTo(index);
    if (!row) return;
    row.querySelector('th')?.focus({ preventScroll: true });
    needsFocus.current = false;
    pending.current = undefined;
  });
  return reveal?.key;
}

function indexOf(key: string, count: number, keyAt: (index: number) => string): number | undefined {
  for (let index = 0; index < count; index++) if (keyAt(index) === key) return index;
  return undefined;
}

function isInSight(row: HTMLElement): boolean {
  const { top, bottom } = row.getBoundingClientRect();
  return top >= 0 && bottom <= window.innerHeight;
}
