/**
 * The field for a secret's name: judged while it is typed, with a name that the rules allow to take instead.
 *
 * A NAME=value that comes into it is split at once, wherever it comes from: a value must not be in clear text. What
 * follows the equals sign goes straight to `onValue` and is in no state.
 */

import type { ReactNode, Ref } from 'react';
import { proposedSecretName, secretNameProblems } from '../name-rules';
import { Field } from '../ui/field';

interface NameFieldProps {
  readonly ref?: Ref<HTMLInputElement>;
  readonly label: string;
  readonly name: string;
  readonly hint?: string;
  /** What saving found. */
  readonly problem?: string | undefined;
  /** What else there is to say of a name that the rules allow. */
  readonly remark?: ReactNode;
  readonly placeholder?: string;
  readonly autoFocus?: boolean;
  readonly onName: (name: string) => void;
  readonly onValue: (value: string) => void;
}

/** `export NAME=value`, as it is in shells and .env files; the name is judged like any other. */
const ASSIGNMENT = /^\s*(?:export\s+)?([^=]*?)\s*=\s*([^]*)$/;

export function NameField({
  ref,
  label,
  name,
  hint,
  problem,
  remark,
  placeholder,
  autoFocus = false,
  onName,
  onValue,
}: NameFieldProps) {
  const problems = secretNameProblems(name.trim());

  /** @returns whether the text was no name alone. */
  function split(text: string): boolean {
    const [, before = '', value = ''] = ASSIGNMENT.exec(text) ?? [];
    if (!text.includes('=')) return false;
    onName(before);
    onValue(value);
    return true;
  }

  return (
    <Field
      label={label}
      // Said once: what saving found wrong with the letters is what the judgement says.
      problem={problems.length > 0 ? undefined : problem}
      hint={hint}
      remark={
        problems.length > 0 ? (
          <Judgement problems={problems} proposed={proposedSecretName(name)} onTake={onName} />
        ) : (
          remark
        )
      }
    >
      {(control) => (
        <input
          {...control}
          aria-invalid={control['aria-invalid'] ?? (problems.length > 0 || undefined)}
          ref={ref}
          {...(autoFocus && { 'data-autofocus': '' })}
          className="mono"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          translate="no"
          placeholder={placeholder}
          value={name}
          onChange={({ target }) => {
            if (!split(target.value)) onName(target.value);
          }}
          onPaste={(event) => {
            // Before it is in the field, so that the field's history of changes has none of it.
            if (name === '' && split(event.clipboardData.getData('text'))) event.preventDefault();
          }}
          onDrop={(event) => {
            if (name === '' && split(event.dataTransfer.getData('text'))) event.preventDefault();
          }}
        />
      )}
    </Field>
  );
}

interface JudgementProps {
  readonly problems: readonly string[];
  readonly proposed: string | undefined;
  readonly onTake: (name: string) => void;
}

function Judgement({ problems, proposed, onTake }: JudgementProps) {
  return (
    <div className="judgement">
      <p>A secret’s name:</p>
      <ul>
        {problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
      {proposed !== undefined && (
        <button key={proposed} type="button" className="button small" onClick={() => onTake(proposed)}>
          <span>
            Use <code translate="no">{proposed}</code>
          </span>
        </button>
      )}
    </div>
  );
}
