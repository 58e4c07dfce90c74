/** One override being written: a name, picked or typed, and a masked value. */

import { useEffect, useMemo, useRef, useState } from 'react';
import { NameField } from '../secrets/name-field';
import { ValueField } from '../secrets/value-field';
import { Field } from '../ui/field';
import { TrashIcon } from '../ui/icons';
import type { OverrideDraft } from './override-draft';

/** No secret's name: those have no spaces. */
const ANOTHER = 'another name';

interface OverrideFieldsProps {
  readonly draft: OverrideDraft;
  /** Names to pick from. */
  readonly names: readonly string[];
  readonly onName: (name: string) => void;
  readonly onDrop: () => void;
}

export function OverrideFields({ draft, names, onName, onDrop }: OverrideFieldsProps) {
  // Where there is nothing to pick from, the name is typed.
  const [isTyping, setTyping] = useState(names.length === 0);
  // There may be 1,000, and the form is rendered with each letter typed.
  const options = useMemo(() => names.map((name) => <option key={name}>{name}</option>), [names]);
  const isFixed = draft.replacesEtag !== undefined;
  // It was just asked for, so what it needs first has the focus.
  const group = useRef<HTMLDivElement>(null);
  useEffect(() => group.current?.querySelector<HTMLElement>('input, select')?.focus(), []);
  return (
    <div
      ref={group}
      className="override-draft stack"
      role="group"
      aria-label={draft.name === '' ? 'New override' : `Override of ${draft.name}`}
    >
      {!isFixed && (
        <div className="override-name">
          {names.length > 0 && (
            <Field label="Secret name" problem={isTyping ? undefined : draft.nameProblem}>
              {(control) => (
                <select
                  {...control}
                  className="mono"
                  value={isTyping ? ANOTHER : draft.name}
                  onChange={({ target: { value } }) => {
                    setTyping(value === ANOTHER);
                    onName(value === ANOTHER ? '' : value);
                  }}
                >
                  <option value="">Pick a secret…</option>
                  {options}
                  <option value={ANOTHER}>Another name…</option>
                </select>
              )}
            </Field>
          )}
          {isTyping && (
            <NameField
              label={names.length > 0 ? 'Other name' : 'Secret name'}
              name={draft.name}
              problem={draft.nameProblem}
              onName={onName}
              onValue={(text) => {
                draft.value.current?.write(text);
                draft.value.current?.focus();
              }}
            />
          )}
          <button
            type="button"
            className="button icon-only danger-hover"
            aria-label="Drop this override"
            title="Drop"
            onClick={onDrop}
          >
            <TrashIcon />
          </button>
        </div>
      )}
      <ValueField
        ref={draft.value}
        label={isFixed ? `New value for ${draft.name}` : 'Value'}
        problem={draft.valueProblem}
      />
      {isFixed && (
        <button type="button" className="button small" onClick={onDrop}>
          Keep the old value
        </button>
      )}
    </div>
  );
}
