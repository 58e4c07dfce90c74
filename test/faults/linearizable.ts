/**
 * Whether a history of one name could have come from a register that does one thing at a time: each operation at
 * some instant between its call and its answer, and one whose outcome nobody learned at any instant after its call, or
 * never (Herlihy and Wing, "Linearizability", 1990; the search is Lowe's just-in-time linearization).
 */

/** What a name has: undefined where it is not there. */
export type Content = string | undefined;

/** What was done, and what it says of the moment at which it was. */
export type Effect =
  | { readonly kind: 'read'; readonly saw: Content }
  | { readonly kind: 'add'; readonly value: string }
  | { readonly kind: 'replace'; readonly value: string }
  | { readonly kind: 'delete' }
  /** An add that found the name; a replace or delete that did not find it. */
  | { readonly kind: 'found' }
  | { readonly kind: 'missed' };

export interface Operation {
  readonly effect: Effect;
  readonly called: number;
  /** Infinity where nobody learned the outcome. */
  readonly answered: number;
}

/** One way in which everything up to now could have been: the content, and what of the pending has been done. */
interface Possibility {
  readonly content: Content;
  readonly done: ReadonlySet<Operation>;
}

/** @returns the first operation whose answer no order explains; undefined for a history that is linearizable. */
export function findViolation(history: readonly Operation[]): Operation | undefined {
  const originals = new Map(withUnseenAlike(history).map((operation, index) => [operation, history[index]]));
  const pending = new Set<Operation>();
  let possible: readonly Possibility[] = [{ content: undefined, done: new Set() }];
  for (const { operation, isAnswer } of eventsOf([...originals.keys()].filter(mayMatter))) {
    if (!isAnswer) {
      pending.add(operation);
      continue;
    }
    possible = possible.flatMap((one) => waysToDo(operation, one, pending));
    if (possible.length === 0) return originals.get(operation);
    pending.delete(operation);
    possible = withoutNeedless(
      possible.map(({ content, done }) => ({ content, done: without(done, operation) })),
    );
  }
  return undefined;
}

/** Stands for every value that no read saw: of such a write only that the name was there can be told. */
const UNSEEN = 'unseen';

function withUnseenAlike(history: readonly Operation[]): readonly Operation[] {
  const seen = new Set(history.map(({ effect }) => (effect.kind === 'read' ? effect.saw : undefined)));
  return history.map(({ effect, ...times }) => {
    const isUnseen = 'value' in effect && !seen.has(effect.value);
    return { ...times, effect: isUnseen ? { ...effect, value: UNSEEN } : effect };
  });
}

/** Not what nobody learned the outcome of and no answer can depend on: a question, or a value that nobody saw. */
function mayMatter({ effect, answered }: Operation): boolean {
  if (answered !== Infinity) return true;
  return (
    effect.kind === 'add' ||
    effect.kind === 'delete' ||
    (effect.kind === 'replace' && effect.value !== UNSEEN)
  );
}

/** Calls before answers of the same instant: they may have met. */
function eventsOf(history: readonly Operation[]) {
  const calls = history.map((operation) => ({ operation, isAnswer: false, time: operation.called }));
  const answers = history
    .filter(({ answered }) => answered !== Infinity)
    .map((operation) => ({ operation, isAnswer: true, time: operation.answered }));
  return [...calls, ...answers].sort((a, b) => a.time - b.time || Number(a.isAnswer) - Number(b.isAnswer));
}

/**
 * Every possibility in which the operation has been done, with others that are pending done before it or not; those
 * with less done first, so that whatever another covers is not gone on from.
 */
function waysToDo(
  operation: Operation,
  from: Possibility,
  pending: ReadonlySet<Operation>,
): readonly Possibility[] {
  const ways: Possibility[] = [];
  const seen: Possibility[] = [from];
  // It grows while it is walked.
  for (const one of seen) {
    if (one.done.has(operation)) {
      ways.push(one);
      continue;
    }
    for (const next of firstOfEachKind(pending, one.done)) {
      const content = after(next.effect, one.content);
      if (content === IMPOSSIBLE) continue;
      const then = { content, done: new Set([...one.done, next]) };
      if (!seen.some((other) => covers(other, then))) seen.push(then);
    }
  }
  return ways;
}

/**
 * What has not been done, and of those whose outcome nobody learned and that would do the same only the oldest: which
 * of them it was makes no difference, and trying each would take time that doubles with every one.
 */
function firstOfEachKind(
  pending: ReadonlySet<Operation>,
  done: ReadonlySet<Operation>,
): readonly Operation[] {
  const kinds = new Set<string>();
  return [...pending].filter((operation) => {
    if (done.has(operation)) return false;
    if (operation.answered !== Infinity) return true;
    const kind = JSON.stringify(operation.effect);
    return !kinds.has(kind) && kinds.add(kind);
  });
}

const IMPOSSIBLE = Symbol('impossible');

function after(effect: Effect, content: Content): Content | typeof IMPOSSIBLE {
  const isThere = content !== undefined;
  switch (effect.kind) {
    case 'read':
      return effect.saw === content ? content : IMPOSSIBLE;
    case 'add':
      return isThere ? IMPOSSIBLE : effect.value;
    case 'replace':
      return isThere ? effect.value : IMPOSSIBLE;
    case 'delete':
      return isThere ? undefined : IMPOSSIBLE;
    case 'found':
      return isThere ? content : IMPOSSIBLE;
    case 'missed':
      return isThere ? IMPOSSIBLE : content;
  }
}

/** Of two with the same content, the one that has done less of what nobody learned can do all that the other can. */
function withoutNeedless(possible: readonly Possibility[]): readonly Possibility[] {
  const kept: Possibility[] = [];
  for (const one of [...possible].sort((a, b) => a.done.size - b.done.size))
    if (!kept.some((other) => covers(other, one))) kept.push(one);
  return kept;
}

function covers(less: Possibility, more: Possibility): boolean {
  if (less.content !== more.content) return false;
  if ([...less.done].some((operation) => !more.done.has(operation))) return false;
  return [...more.done].every((operation) => operation.answered === Infinity || less.done.has(operation));
}

function without(done: ReadonlySet<Operation>, operation: Operation): ReadonlySet<Operation> {
  return new Set([...done].filter((one) => one !== operation));
}
