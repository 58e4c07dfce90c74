/** A list of names in a dialog. A long one scrolls by itself, by keyboard too, and leaves the buttons in sight. */

import type { ReactNode } from 'react';

interface NamesProps {
  /** What these are, for screen readers. */
  readonly label: string;
  readonly names: readonly { readonly key: string; readonly text: ReactNode }[];
}

/** So many fit without scrolling. */
const FIT = 8;

export function Names({ label, names }: NamesProps) {
  return (
    <ul className="names" aria-label={label} tabIndex={names.length > FIT ? 0 : undefined}>
      {names.map(({ key, text }) => (
        <li key={key}>{text}</li>
      ))}
    </ul>
  );
}
