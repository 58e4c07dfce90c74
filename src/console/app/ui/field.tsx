/** A labelled control with its hint and what is wrong with it, tied together for screen readers. */

import { useId, type ReactNode } from 'react';
import { Words } from './words';

/** What a control takes to be tied to its label, hint and problem. */
export interface ControlProps {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly problem?: string | undefined;
  /** Said while somebody types: beside the hint, and without interrupting a screen reader. */
  readonly remark?: ReactNode;
  readonly children: (control: ControlProps) => ReactNode;
}

export function Field({ label, hint, problem, remark, children }: FieldProps) {
  const id = useId();
  const hintId = `${id}-hint`;
  const problemId = `${id}-problem`;
  const remarkId = `${id}-remark`;
  const described = [
    problem !== undefined && problemId,
    remark !== undefined && remarkId,
    hint !== undefined && hintId,
  ]
    .filter(Boolean)
    .join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        'aria-describedby': described || undefined,
        'aria-invalid': problem === undefined ? undefined : true,
      })}
      {problem !== undefined && (
        <p className="field-problem" id={problemId} role="alert">
          <Words text={problem} />
        </p>
      )}
      {remark !== undefined && (
        <div className="field-remark" id={remarkId} role="status">
          {remark}
        </div>
      )}
      {hint !== undefined && (
        <p className="field-hint" id={hintId}>
          {hint}
        </p>
      )}
    </div>
  );
}
