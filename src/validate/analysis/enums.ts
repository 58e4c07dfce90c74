/** Enums, whose members know their own names. */

import type { Class } from '../ir/program';
import { LABEL, NOTHING, str, type Atom, type Val } from '../ir/values';

/** The value of a class's field, which knows its own name and methods where it is an enum's member. */
export const labelled = (val: Val, cls: Class, label: string): Val =>
  !cls.isEnum || label.startsWith('_')
    ? val
    : val.map((atom): Atom => {
        const of = cls.methods.size > 0 ? cls : undefined;
        if (atom.kind === 'str') return of ? { ...atom, label, of } : { ...atom, label };
        const fields = new Map([
          ...(atom.kind === 'object' ? atom.fields : []),
          [LABEL, str(label)] as const,
        ]);
        const made = atom.kind === 'object' ? atom : { cls: of, args: undefined, rest: NOTHING };
        return atom.kind === 'object' || atom.kind === 'dynamic' ? { ...made, kind: 'object', fields } : atom;
      });
