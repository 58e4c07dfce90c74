/** A modal dialog: the browser's own, which keeps the focus inside and gives it back when it closes. */

import { useId, useLayoutEffect, useRef, type ReactNode } from 'react';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly isWide?: boolean;
  /** Escape does nothing: for what would be lost with the dialog. */
  readonly holdsOn?: boolean;
  /** Nothing of the page shows behind it. */
  readonly isOpaque?: boolean;
  readonly children: ReactNode;
}

/** Is open for as long as it is rendered. The element marked `data-autofocus` has the focus first. */
export function Dialog({
  title,
  onClose,
  isWide = false,
  holdsOn = false,
  isOpaque = false,
  children,
}: DialogProps) {
  const titleId = useId();
  const element = useRef<HTMLDialogElement>(null);
  // A layout effect's end runs while the element still stands: close() can give the focus back.
  useLayoutEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      className={['dialog', isWide && 'wide', isOpaque && 'opaque'].filter(Boolean).join(' ')}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        if (!holdsOn) onClose();
      }}
      onKeyDown={(event) => {
        // A browser lets one Escape be refused at its `cancel`, and closes the dialog at the next.
        if (holdsOn && event.key === 'Escape') event.preventDefault();
      }}
      onClose={(event) => {
        if (holdsOn) event.currentTarget.showModal();
        else onClose();
      }}
    >
      <h2 id={titleId}>{title}</h2>
      {children}
    </dialog>
  );
}

/** The row of buttons at a dialog's end. */
export function DialogActions({ children }: { readonly children: ReactNode }) {
  return <div className="dialog-actions">{children}</div>;
}
