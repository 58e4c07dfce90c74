/** A modal dialog: the browser's own, which keeps the focus inside and gives it back when it closes. */

import {
  createContext,
  useContext,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type ReactNode,
} from 'react';
import { flushSync } from 'react-dom';
import { dialogOpened } from './open-dialogs';

/**
 * What stands against closing it: nothing; something typed, so that it asks first; or something that would go on
 * without it or be lost with it for good, so that Escape, Cancel and Back do nothing.
 */
export type Leaving = 'free' | 'asks' | 'held';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly leaving?: Leaving;
  readonly isWide?: boolean;
  /** Nothing of the page shows behind it. */
  readonly isOpaque?: boolean;
  readonly children: ReactNode;
}

const CloseContext = createContext<() => void>(() => undefined);

/** Is open for as long as it is rendered. The element marked `data-autofocus` has the focus first. */
export function Dialog({ title, onClose, leaving = 'free', children, ...looks }: DialogProps) {
  const [isAsking, setAsking] = useState(false);
  const requestClose = () => {
    if (leaving === 'free') onClose();
    else if (leaving === 'asks') setAsking(true);
  };
  const discard = () => {
    // One after the other: beneath an open dialog nothing can take the focus back.
    flushSync(() => setAsking(false));
    onClose();
  };
  return (
    <CloseContext value={requestClose}>
      <Modal title={title} requestClose={requestClose} wouldLose={leaving !== 'free'} {...looks}>
        {children}
      </Modal>
      {isAsking && <DiscardQuestion onKeep={() => setAsking(false)} onDiscard={discard} />}
    </CloseContext>
  );
}

interface ModalProps extends Pick<DialogProps, 'title' | 'isWide' | 'isOpaque' | 'children'> {
  readonly requestClose: () => void;
  readonly wouldLose: boolean;
}

function Modal({ title, requestClose, wouldLose, isWide, isOpaque, children }: ModalProps) {
  const titleId = useId();
  const element = useRef<HTMLDialogElement>(null);
  const now = useRef({ requestClose, wouldLose });
  useLayoutEffect(() => {
    now.current = { requestClose, wouldLose };
  });
  // A layout effect's end runs while the element is still there: close() can give the focus back.
  useLayoutEffect(() => {
    const dialog = element.current;
    const first = dialog?.querySelector<HTMLElement>('[data-autofocus]') ?? dialog?.querySelector('h2');
    // The browser gives the focus to what has this attribute: given afterwards, the page would be laid out once more.
    first?.setAttribute('autofocus', '');
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  // After the layout effects, in which a page may still put its address right.
  useEffect(
    () =>
      dialogOpened({
        requestClose: () => now.current.requestClose(),
        wouldLose: () => now.current.wouldLose,
      }),
    [],
  );
  return (
    <dialog
      ref={element}
      className={['dialog', isWide && 'wide', isOpaque && 'opaque'].filter(Boolean).join(' ')}
      aria-labelledby={titleId}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
        // A browser lets one Escape be refused at its `cancel`, and closes the dialog at the next.
        event.preventDefault();
        event.stopPropagation();
        if (!event.repeat) requestClose();
      }}
      onCancel={(event) => {
        // The ways out that have no key, as a phone's gesture.
        event.preventDefault();
        event.stopPropagation();
        requestClose();
      }}
      onClose={(event) => {
        // It closes by being rendered no more, and not otherwise.
        event.stopPropagation();
        if (event.currentTarget === event.target && event.currentTarget.isConnected)
          event.currentTarget.showModal();
      }}
    >
      <h2 id={titleId} tabIndex={-1}>
        {title}
      </h2>
      {children}
    </dialog>
  );
}

interface DiscardQuestionProps {
  readonly onKeep: () => void;
  readonly onDiscard: () => void;
}

function DiscardQuestion({ onKeep, onDiscard }: DiscardQuestionProps) {
  return (
    <Modal title="Discard what you typed?" requestClose={onKeep} wouldLose>
      <div className="stack">
        <p>It is not saved, and it cannot be brought back.</p>
        <DialogActions>
          <button type="button" className="button" data-autofocus="" onClick={onKeep}>
            Keep editing
          </button>
          <button type="button" className="button danger" onClick={onDiscard}>
            Discard
          </button>
        </DialogActions>
      </div>
    </Modal>
  );
}

/** The row of buttons at a dialog's end. */
export function DialogActions({ children }: { readonly children: ReactNode }) {
  return <div className="dialog-actions">{children}</div>;
}

interface CancelButtonProps {
  /** While something is under way there is no way back from it. */
  readonly isHeld?: boolean;
  readonly hasFocusFirst?: boolean;
}

/** Leaves the dialog that it is in, in the same way as Escape and Back do. */
export function CancelButton({ isHeld = false, hasFocusFirst = false }: CancelButtonProps) {
  const requestClose = useContext(CloseContext);
  return (
    <button
      type="button"
      className="button"
      aria-disabled={isHeld || undefined}
      {...(hasFocusFirst && { 'data-autofocus': '' })}
      onClick={requestClose}
    >
      Cancel
    </button>
  );
}
