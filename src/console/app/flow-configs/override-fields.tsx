/** One override being written: a name, picked or typed, and a masked value. */

import { useEffect, useRef, useState } from 'react';
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
                  {names.map((name) => (
                    <option key={name}>{name}</option>
                  ))}
                  <option value={ANOTHER}>Another name…</option>
                </select>
              )}
            </Field>
          )}
          {isTyping && (
            <TypedName
              label={names.length > 0 ? 'Other name' : 'Secret name'}
              draft={draft}
              onName={onName}
            />
          )}
          <button
            type="button"
            className="button icon-only"
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

function TypedName({
  label,
  draft,
  onName,
}: Pick<OverrideFieldsProps, 'draft' | 'onName'> & { readonly label: string }) {
  return (
    <Field label={label} problem={draft.nameProblem}>
      {(control) => (
        <input
          {...control}
          className="mono"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={draft.name}
          onChange={(event) => onName(event.target.value)}
        />
      )}
    </Field>
  );
}
