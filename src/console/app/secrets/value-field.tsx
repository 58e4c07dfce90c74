/** The masked field for a secret's value, with what to look at twice beneath it. */

import { useImperativeHandle, useRef, useState, type Ref } from 'react';
import { mendValue, warningsAbout, type ValueWarning } from '../../../domain/value-warnings';
import { MaskedField, type MaskedFieldHandle } from '../ui/masked-field';
import { Notice } from '../ui/notice';

/** 64 KiB: the service's limit of a value (axiom.secrets.v1). */
const MAX_VALUE_BYTES = 65_536;

/** What a form may do with the value. */
export interface ValueFieldHandle {
  /** The value as UTF-8, for one call; undefined when the field now says what is wrong. The caller zeroes it. */
  take(): Uint8Array<ArrayBuffer> | undefined;
  /** Puts a value in, in place of what was typed. */
  write(text: string): void;
  /** Forgets the value. */
  clear(): void;
  focus(): void;
}

interface ValueFieldProps {
  readonly ref: Ref<ValueFieldHandle>;
  readonly label: string;
  /** What the service says is wrong. */
  readonly problem?: string | undefined;
  readonly autoFocus?: boolean;
  /** Told whether anything is typed: what would be lost. */
  readonly onFilled?: (isFilled: boolean) => void;
}

export function ValueField({ ref, label, problem, autoFocus = false, onFilled }: ValueFieldProps) {
  const field = useRef<MaskedFieldHandle>(null);
  const [warnings, setWarnings] = useState<readonly ValueWarning[]>([]);
  const [ownProblem, setOwnProblem] = useState<string>();

  useImperativeHandle(ref, () => ({
    take() {
      const bytes = new TextEncoder().encode(field.current?.read());
      const wrong = problemWith(bytes);
      setOwnProblem(wrong);
      // A password field is not in a browser's history of what was typed; a shown one would be.
      field.current?.hide();
      if (wrong === undefined) return bytes;
      bytes.fill(0);
      field.current?.focus();
      return undefined;
    },
    write: (text) => field.current?.write(text),
    clear: () => field.current?.clear(),
    focus: () => field.current?.focus(),
  }));

  function mend(warning: ValueWarning) {
    const bytes = new TextEncoder().encode(field.current?.read());
    const mended = mendValue(bytes, warning);
    field.current?.write(new TextDecoder('utf-8', { ignoreBOM: true }).decode(mended));
    mended.fill(0);
    bytes.fill(0);
    field.current?.focus();
  }

  return (
    <>
      <MaskedField
        ref={field}
        label={label}
        problem={ownProblem ?? problem}
        autoFocus={autoFocus}
        onInput={(text) => {
          setOwnProblem(undefined);
          onFilled?.(text !== '');
          setWarnings(warningsIn(text));
        }}
      />
      {warnings.map((warning) => (
        <Notice key={warning.kind} tone="warning">
          <p>{sentence(warning.message)}</p>
          {warning.remedy !== undefined && (
            <button type="button" className="button small" onClick={() => mend(warning)}>
              {warning.remedy}
            </button>
          )}
        </Notice>
      ))}
    </>
  );
}

function warningsIn(text: string): readonly ValueWarning[] {
  const bytes = new TextEncoder().encode(text);
  const warnings = warningsAbout(bytes);
  bytes.fill(0);
  return warnings;
}

/** The words that the command line has too, written as a page writes. */
function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}

function problemWith(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return 'Enter a value.';
  if (bytes.length > MAX_VALUE_BYTES) return 'A value is at most 64 KiB; this one is longer.';
  return undefined;
}
