/** Names in a table's cell: some of them, and all when asked for. */

import { useState } from 'react';
import { CheckIcon, WarningIcon } from './icons';
import { Words } from './words';

export interface SomeName {
  readonly name: string;
  /** Its state, and what that is called. */
  readonly mark?: 'good' | 'warn';
  readonly note?: string;
}

interface SomeNamesProps {
  readonly label: string;
  readonly names: readonly SomeName[];
}

/** A row shows so many until it is asked for more: there may be 1,000. */
const FIRST = 3;

export function SomeNames({ label, names }: SomeNamesProps) {
  const [isWhole, setWhole] = useState(false);
  // One name too many is shorter than the button that would show it.
  const shown = isWhole || names.length === FIRST + 1 ? names : names.slice(0, FIRST);
  return (
    <div className="some-names">
      <ul className="chips" aria-label={label}>
        {shown.map((one) => (
          <Chip key={one.name} {...one} />
        ))}
      </ul>
      {names.length > FIRST + 1 && (
        <button
          type="button"
          className="button tiny"
          aria-expanded={isWhole}
          onClick={() => setWhole(!isWhole)}
        >
          <Words text={isWhole ? 'Show fewer' : `Show all ${names.length}`} />
        </button>
      )}
    </div>
  );
}

function Chip({ name, mark, note }: SomeName) {
  return (
    <li className={mark} title={note === undefined ? name : `${name}: ${note}`}>
      {mark === 'good' && <CheckIcon />}
      {mark === 'warn' && <WarningIcon />}
      <code translate="no">{name}</code>
      {note !== undefined && <span className="visually-hidden">, {note}</span>}
    </li>
  );
}
