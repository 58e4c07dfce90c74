/** Copies a text, and says whether the browser let it. */

import { useState } from 'react';
import { CheckIcon, CopyIcon } from './icons';
import { Words } from './words';

interface CopyButtonProps {
  readonly label: string;
  readonly text: string;
  /** Only its icon is shown: the label is for screen readers and the tooltip. */
  readonly isSmall?: boolean;
}

const OUTCOMES = {
  copied: 'Copied',
  failed: 'This browser does not let the page copy: select the text and copy it by hand.',
};

export function CopyButton({ label, text, isSmall = false }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<keyof typeof OUTCOMES>();
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome('copied');
    } catch {
      setOutcome('failed');
    }
  }
  return (
    <>
      <button
        type="button"
        className={isSmall ? 'button icon-only small' : 'button'}
        {...(isSmall && { 'aria-label': label, title: label })}
        onClick={() => void copy()}
      >
        {outcome === 'copied' ? <CheckIcon /> : <CopyIcon />}
        {!isSmall && <Words text={label} />}
      </button>
      <span className={isSmall && outcome !== 'failed' ? 'visually-hidden' : 'copy-outcome'} role="status">
        {outcome !== undefined && <Words text={OUTCOMES[outcome]} />}
      </span>
    </>
  );
}
