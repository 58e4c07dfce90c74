/** What was done, said on the page that it was done on. */

import { useEffect } from 'react';
import { Notice } from './notice';
import { focusPageTitle } from './page-header';

export interface Done {
  readonly text: string;
  /** The button that was pressed is gone with what it stood beside, so the focus needs another place. */
  readonly losesFocus?: boolean;
}

export function DoneNotice({ done }: { readonly done: Done | undefined }) {
  // By now the dialog is closed and has given the focus back, to whatever that is worth.
  useEffect(() => {
    if (done?.losesFocus) focusPageTitle();
  }, [done]);
  // It stands before there is something to say: screen readers miss what comes together with its region.
  return (
    <div className="live" aria-live="polite">
      {done && <Notice tone="success">{done.text}</Notice>}
    </div>
  );
}
