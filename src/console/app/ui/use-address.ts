/** What narrows a list stands in the page's address, so that Back, a reload and a link keep it. */

import { useSearchParams } from 'wouter';

/** @returns the parameter's text, '' where there is none, and a function that sets it. */
export function useAddressParameter(name: string): [string, (text: string) => void] {
  const [params, setParams] = useSearchParams();
  const set = (text: string) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        if (text === '') next.delete(name);
        else next.set(name, text);
        return next;
      },
      { replace: true, state: history.state as unknown },
    );
  return [params.get(name) ?? '', set];
}
