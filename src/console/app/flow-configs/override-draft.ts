/** An override that is being written: its name and where its value is typed, never the value. */

import type { RefObject } from 'react';
import type { ValueFieldHandle } from '../secrets/value-field';

export interface OverrideDraft {
  /** Tells drafts apart in the form. */
  readonly key: number;
  readonly name: string;
  readonly value: RefObject<ValueFieldHandle | null>;
  /** The override's etag, where it replaces one that exists. */
  readonly replacesEtag: string | undefined;
  /** What the service or the form says is wrong with it. */
  readonly nameProblem?: string | undefined;
  readonly valueProblem?: string | undefined;
}

let nextKey = 1;

export function newDraft(name: string, replacesEtag?: string): OverrideDraft {
  return { key: nextKey++, name, replacesEtag, value: { current: null } };
}
