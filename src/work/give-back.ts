/**
 * Gives memory back to the system. V8 collects when its own heap has grown, and knows little of the buffers outside of
 * it: after a load a server kept 40 MB of answers that were wiped and sent, and twice the heap that it needed, for as long
 * as nobody called (docs/decisions/memory.md).
 *
 * Collections need --expose-gc, with which the halves' processes are started (server/half-process.ts); without it V8 is
 * left alone.
 */

import { MessageChannel } from 'node:worker_threads';

/** What is posted to a closed port is dropped, and with it the memory whose owner it became. */
const nowhere = new MessageChannel().port1;
nowhere.close();

/** Of a smaller buffer the transfer costs more than V8's collection. */
const LARGE_BYTES = 4 * 1024;

const LOOK_EVERY_MS = 1_000;
/**
 * So many looks in a row must find nothing to do: V8 lets the young generation shrink only where little was allocated in the
 * five seconds before, of which it knows since its last collection, and so there is a small one at the first look.
 */
const IDLE_LOOKS = 7;
/**
 * Of a processor between two looks: calls came, and more may. What a server does by itself takes less. Time would not tell:
 * where other programs want the processors, also what takes little of them takes long.
 */
const BUSY = 0.05;
/** A heap that has grown by less is not worth a collection, which takes some 20 ms. */
const GROWN_BYTES = 8 * 1024 * 1024;

/** As V8 has it where it is exposed. */
type Collect = (options?: { readonly type: 'minor' }) => void;

const collect = (globalThis as { readonly gc?: Collect }).gc;

/**
 * Frees the memory at once where it is large, instead of at V8's next collection. Nobody may look at it again. Of memory
 * that buffers share, Node gives each less than half, and that is left alone.
 */
export function giveBack({ buffer, byteLength }: Uint8Array): void {
  if (byteLength < LARGE_BYTES || 2 * byteLength < buffer.byteLength) return;
  nowhere.postMessage(undefined, [buffer as ArrayBuffer]);
}

/**
 * Collects everything once a load is over, twice: the first collection learns which pages have little left in them, and
 * the second moves that together. @returns what ends it.
 */
export function giveBackWhenIdle(lookEveryMs = LOOK_EVERY_MS): () => void {
  if (collect === undefined) return () => undefined;
  let last = process.cpuUsage();
  let kept = held();
  let idleLooks = 0;
  let isHalfDone = false;
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(last);
    last = process.cpuUsage();
    idleLooks = user + system < BUSY * lookEveryMs * 1_000 ? idleLooks + 1 : 0;
    if (isHalfDone && idleLooks > 0) {
      collect();
      kept = held();
      isHalfDone = false;
      return;
    }
    const hasGrown = held() >= kept + GROWN_BYTES;
    if (hasGrown && idleLooks === 1) collect({ type: 'minor' });
    isHalfDone = hasGrown && idleLooks >= IDLE_LOOKS;
    if (isHalfDone) collect();
  }, lookEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** What V8 has taken, and what hangs on its objects. */
function held(): number {
  const { heapTotal, external } = process.memoryUsage();
  return heapTotal + external;
}
