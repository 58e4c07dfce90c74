/** What was done, said on the page that it was done on. */

import { Notice } from './notice';
import { Words } from './words';

export interface Done {
  readonly text: string;
}

export function DoneNotice({ done }: { readonly done: Done | undefined }) {
  // It is there before there is something to say: screen readers miss what comes together with its region.
  return (
    <div className="live" aria-live="polite">
      {done && (
        <Notice tone="success">
          <Words text={done.text} />
        </Notice>
      )}
    </div>
  );
}
