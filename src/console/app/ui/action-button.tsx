/**
 * The button that does what a form or dialog is for.
 *
 * While it is at work it says so, and is not `disabled`: a browser takes the focus from a control that becomes so, and
 * whoever uses a keyboard would be back at the top of the page.
 */

import type { MouseEvent } from 'react';
import { Words } from './words';

interface ActionButtonProps {
  readonly label: string;
  /** What it says meanwhile. */
  readonly busyLabel: string;
  readonly isBusy: boolean;
  /** False until the person can know what they do. */
  readonly isReady?: boolean;
  readonly kind?: 'primary' | 'danger' | 'plain';
  readonly size?: 'small' | 'wide';
  /** What more there is to know, where the pointer rests. */
  readonly title?: string;
  /** Undefined: it submits the form that it is in. */
  readonly onClick?: (event: MouseEvent) => void;
}

export function ActionButton({
  label,
  busyLabel,
  isBusy,
  isReady = true,
  kind = 'primary',
  size,
  title,
  onClick,
}: ActionButtonProps) {
  const isOff = isBusy || !isReady;
  return (
    <button
      type={onClick === undefined ? 'submit' : 'button'}
      className={['button', kind !== 'plain' && kind, size].filter(Boolean).join(' ')}
      aria-disabled={isOff || undefined}
      aria-busy={isBusy || undefined}
      title={title}
      onClick={(event) => {
        if (isOff) event.preventDefault();
        else onClick?.(event);
      }}
    >
      <Words text={isBusy ? busyLabel : label} />
    </button>
  );
}
