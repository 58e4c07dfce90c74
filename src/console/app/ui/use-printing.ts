/** Whether the page is laid out for paper. */

import { useSyncExternalStore } from 'react';

const paper = window.matchMedia('print');

export function usePrinting(): boolean {
  return useSyncExternalStore(subscribe, () => paper.matches);
}

function subscribe(onChange: () => void): () => void {
  paper.addEventListener('change', onChange);
  return () => paper.removeEventListener('change', onChange);
}
