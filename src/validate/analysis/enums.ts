/** Enums, whose members know their own names. */

import { LABEL, NOTHING, str, type Atom, type Val } from '../ir/values';

/** The value of an enum's member, which knows the member's own name. */
export const labelled = (val: Val, isMember: boolean, label: string): Val =>
  !isMember || label.startsWith('_')
    ? val
    : val.map((atom): Atom => {
        if (atom.kind === 'str') return { ...atom, label };
        const fields = new Map([
          ...(atom.kind === 'object' ? atom.fields : []),
          [LABEL, str(label)] as const,
        ]);
        const made = atom.kind === 'object' ? atom : { cls: undefined, args: undefined, rest: NOTHING };
        return atom.kind === 'object' || atom.kind === 'dynamic' ? { ...made, kind: 'object', fields } : atom;
      });
