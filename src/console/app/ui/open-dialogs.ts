/**
 * The dialogs that are open, and the ways out that are not theirs: the browser's Back and its reload.
 *
 * An open dialog has an entry of its own in the history, so Back closes the dialog and not the page beneath it. Where
 * something typed would be lost, the dialog asks first, and a reload or a closed tab makes the browser ask.
 */

export interface OpenDialog {
  /** Somebody wants out: closes, asks or does nothing. */
  readonly requestClose: () => void;
  /** Whether closing now would lose something. */
  readonly wouldLose: () => boolean;
}

/** Marks the history's entry in its state. */
const MARK = 'axiomDialog';

const open: OpenDialog[] = [];
let hasEntry = false;
/** The entry is being left, which a browser does in its own time. */
let isLeaving = false;

/** @returns a function that says that it is closed. */
export function dialogOpened(dialog: OpenDialog): () => void {
  open.push(dialog);
  addEntry();
  return () => {
    open.splice(open.indexOf(dialog), 1);
    // One dialog may come in another's place at once.
    setTimeout(() => {
      if (open.length > 0 || !hasEntry) return;
      hasEntry = false;
      isLeaving = true;
      history.back();
    });
  };
}

/** Starts before the app does: the router must not see these moves first. */
export function watchWaysOut(): void {
  // A page that was reloaded under a dialog has its entry and no dialog.
  if (isEntry(history.state)) history.back();
  window.addEventListener('popstate', ({ state }) => {
    if (isEntry(state)) return;
    if (isLeaving) {
      isLeaving = false;
      // Another dialog was opened meanwhile.
      if (open.length > 0) addEntry();
      return;
    }
    const wasOpen = hasEntry && open.length > 0;
    hasEntry = false;
    if (!wasOpen) return;
    const top = open.at(-1);
    if (top?.wouldLose() === true) addEntry();
    top?.requestClose();
  });
  window.addEventListener('beforeunload', (event) => {
    if (open.some((dialog) => dialog.wouldLose())) event.preventDefault();
  });
}

function addEntry(): void {
  if (hasEntry || isLeaving) return;
  hasEntry = true;
  history.pushState({ ...(history.state as object | null), [MARK]: true }, '');
}

function isEntry(state: unknown): boolean {
  return typeof state === 'object' && state !== null && MARK in state;
}
