/** Where the focus goes in a table whose row with the focus is gone: to the same control of the row that took its place. */

import { useLayoutEffect, useRef, type FocusEvent, type RefObject } from 'react';
import { hasNoFocus } from './focus';

interface Place {
  readonly key: string;
  readonly index: number;
  /** Which of the row's controls. */
  readonly control: number;
}

const CONTROLS = 'a[href], button';

/** @param focused set to the row that has the focus; undefined: none of this table. Nothing is rendered for it. */
export function useRowFocus(
  body: RefObject<HTMLElement | null>,
  count: number,
  keyAt: (index: number) => string,
  focused: RefObject<number | undefined>,
) {
  const place = useRef<Place>(undefined);
  useLayoutEffect(() => {
    const { current: lost } = place;
    if (lost === undefined || count === 0 || !hasNoFocus()) return;
    if (body.current?.querySelector(`[data-key="${CSS.escape(lost.key)}"]`)) return;
    const next = keyAt(Math.min(lost.index, count - 1));
    const row = body.current?.querySelector(`[data-key="${CSS.escape(next)}"]`);
    const controls = row?.querySelectorAll<HTMLElement>(CONTROLS);
    const target = controls?.[Math.min(lost.control, controls.length - 1)] ?? row?.querySelector('th');
    target?.focus({ preventScroll: true });
  });

  return {
    onFocus({ target }: FocusEvent) {
      const row = target.closest<HTMLElement>('[data-key]');
      if (row === null) return;
      const index = Number(row.dataset['index']);
      const control = [...row.querySelectorAll(CONTROLS)].indexOf(target);
      place.current = { key: row.dataset['key'] ?? '', index, control: Math.max(control, 0) };
      focused.current = index;
    },
    onBlur({ relatedTarget }: FocusEvent) {
      // Without a next target the window lost the focus, a dialog opened, or the row is gone: the place is kept.
      if (relatedTarget === null) return;
      if (relatedTarget.closest('dialog') === null) place.current = undefined;
      focused.current = undefined;
    },
  };
}
