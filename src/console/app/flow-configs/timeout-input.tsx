/** The input for a node timeout, the same for the tenant default and for profiles. */

import type { ComponentProps } from 'react';
import { MAX_TIMEOUT, MIN_TIMEOUT } from './node-timeout';

export function TimeoutInput(props: ComponentProps<'input'>) {
  return (
    <input
      type="number"
      inputMode="numeric"
      className="seconds"
      min={MIN_TIMEOUT}
      max={MAX_TIMEOUT}
      step={1}
      autoComplete="off"
      {...props}
    />
  );
}

/** Number inputs answer '' for a text that is not a number; only the browser knows which of the two it is. */
export function typedSeconds(input: HTMLInputElement): string {
  return input.validity.badInput ? 'NaN' : input.value;
}
