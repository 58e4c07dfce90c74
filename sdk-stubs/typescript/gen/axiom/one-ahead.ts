/**
 * A pipeline's requests, of which one waits for the handler while it is at the one before. By themselves Node's streams take
 * sixteen, however long they are.
 */

import type { Readable } from 'node:stream';

export function oneAhead<T>(call: Readable): AsyncIterator<T> {
  const read = call._read.bind(call);
  let wanted: number | undefined;
  const goOn = (): void => {
    if (wanted === undefined || call.readableLength > 0) return;
    const bytes = wanted;
    wanted = undefined;
    read(bytes);
  };
  call._read = (bytes) => {
    wanted = bytes;
    goOn();
  };
  // The plain iterator destroys the call when the inputs end, and the outputs with it.
  const requests: AsyncIterator<T> = call.iterator({ destroyOnReturn: false });
  return {
    next() {
      const next = requests.next();
      goOn();
      return next;
    },
  };
}
