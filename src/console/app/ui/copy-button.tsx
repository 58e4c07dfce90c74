/** Copies a text that is shown this once. */

import { useState } from 'react';
import { CheckIcon, CopyIcon } from './icons';

interface CopyButtonProps {
  readonly label: string;
  readonly text: string;
}

export function CopyButton({ label, text }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'copied' | 'failed'>();
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
      <button type="button" className="button" onClick={() => void copy()}>
        {outcome === 'copied' ? <CheckIcon /> : <CopyIcon />}
        {label}
      </button>
      <span className="copy-outcome" role="status">
        {outcome === 'copied' && 'Copied'}
        {outcome === 'failed' &&
          'This browser does not let the page copy: select the key and copy it by hand.'}
      </span>
    </>
  );
}
