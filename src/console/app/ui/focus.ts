/**
 * The focus never falls to the page's body: whoever uses a keyboard or a screen reader would start again from the top.
 *
 * Forms and tables say where it goes when something that had it goes. What they do not see is caught here: when the
 * element that had the focus is gone from the document, the nearest of what stood around it that is still there takes it.
 */

/** What may have the focus by script. */
const HOMES = '[tabindex], dialog';

let around: readonly HTMLElement[] = [];

export function hasNoFocus(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

/** Where the focus goes when nothing better is left. */
export function focusPageTitle(): void {
  document.getElementById('page-title')?.focus({ preventScroll: true });
}

/** Watches over the page's focus from now on. */
export function keepFocus(): void {
  document.addEventListener('focusin', ({ target }) => {
    around = target instanceof HTMLElement ? pathOf(target) : [];
  });
  // Asked after the browser's own moves: a dialog that closes gives the focus back.
  new MutationObserver(() => {
    if (!hasNoFocus() || around.length === 0 || around[0]?.isConnected) return;
    const home = around.find((element) => element.isConnected && element.matches(HOMES));
    if (home === undefined || home.tagName === 'MAIN') return focusPageTitle();
    const target = home.tagName === 'DIALOG' ? home.querySelector<HTMLElement>('h2') : home;
    target?.focus({ preventScroll: true });
  }).observe(document.body, { childList: true, subtree: true });
}

function pathOf(element: HTMLElement): readonly HTMLElement[] {
  const path: HTMLElement[] = [];
  for (let one: HTMLElement | null = element; one !== null && one !== document.body; one = one.parentElement)
    path.push(one);
  return path;
}
