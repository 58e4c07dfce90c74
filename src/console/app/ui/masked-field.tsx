/**
 * A field for something that nobody should see: masked, with a show/hide toggle, and never part of React's state.
 *
 * The browser's element is the only place that holds what is typed. A form reads it when it saves and clears it after.
 * Lines pasted into an <input> would lose their breaks, so a text of several lines gets a <textarea>, masked likewise.
 */

import {
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
  type ClipboardEvent,
  type DragEvent,
  type Ref,
} from 'react';
import { EyeIcon, EyeOffIcon } from './icons';
import { Field } from './field';
import { Words } from './words';

/** What a form may do with the field. */
export interface MaskedFieldHandle {
  read(): string;
  /** Replaces what is in the field. */
  write(text: string): void;
  clear(): void;
  hide(): void;
  focus(): void;
}

interface MaskedFieldProps {
  readonly ref?: Ref<MaskedFieldHandle>;
  readonly label: string;
  readonly problem?: string | undefined;
  readonly hint?: string;
  readonly autoFocus?: boolean;
  /** A password that a password manager may keep and fill in; otherwise nothing may be kept. */
  readonly isKept?: boolean;
  /** Told after every change, with what is there now: not to be kept. */
  readonly onInput?: (text: string) => void;
}

/** Browsers and their extensions are asked to keep nothing and to fill in nothing. */
const KEEP_OUT = {
  autoComplete: 'new-password',
  autoCapitalize: 'off',
  autoCorrect: 'off',
  spellCheck: false,
  translate: 'no',
  'data-1p-ignore': '',
  'data-bwignore': '',
  'data-lpignore': 'true',
  'data-form-type': 'other',
} as const;

/** What people log in with belongs into a password manager. */
const LET_IN = {
  name: 'password',
  autoComplete: 'current-password',
  autoCapitalize: 'off',
  spellCheck: false,
  translate: 'no',
} as const;

export function MaskedField({
  ref,
  label,
  problem,
  hint,
  autoFocus = false,
  isKept = false,
  onInput,
}: MaskedFieldProps) {
  const element = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const arriving = useRef<string>(undefined);
  const [isShown, setShown] = useState(false);
  const [hasLines, setHasLines] = useState(false);

  function write(text: string) {
    const needsLines = /[\r\n]/.test(text);
    if (needsLines === hasLines && element.current !== null) element.current.value = text;
    else arriving.current = text;
    setHasLines(needsLines);
    onInput?.(text);
  }

  // The element that can hold the text is there now: hand it over and forget it here.
  useLayoutEffect(() => {
    if (arriving.current === undefined || element.current === null) return;
    element.current.value = arriving.current;
    arriving.current = undefined;
    element.current.focus();
  }, [hasLines]);

  useImperativeHandle(ref, () => ({
    read: () => element.current?.value ?? '',
    write,
    clear: () => write(''),
    hide: () => setShown(false),
    focus: () => element.current?.focus(),
  }));

  function insertLines(event: ClipboardEvent | DragEvent, data: DataTransfer) {
    const text = data.getData('text');
    const { current } = element;
    if (hasLines || current === null || !/[\r\n]/.test(text)) return;
    event.preventDefault();
    const { value, selectionStart, selectionEnd } = current;
    write(value.slice(0, selectionStart ?? value.length) + text + value.slice(selectionEnd ?? value.length));
  }

  const shared = {
    ref: element,
    ...(isKept ? LET_IN : KEEP_OUT),
    ...(autoFocus && { 'data-autofocus': '' }),
    onInput: () => onInput?.(element.current?.value ?? ''),
  };
  return (
    <Field label={label} problem={problem} hint={hint}>
      {(control) => (
        <div className="masked">
          {hasLines ? (
            <textarea
              {...control}
              {...shared}
              className={isShown ? 'mono' : 'mono veiled'}
              rows={6}
              wrap="off"
            />
          ) : (
            <input
              {...control}
              {...shared}
              className="mono"
              type={isShown ? 'text' : 'password'}
              onPaste={(event) => insertLines(event, event.clipboardData)}
              onDrop={(event) => insertLines(event, event.dataTransfer)}
            />
          )}
          <button
            type="button"
            className="button small quiet"
            aria-controls={control.id}
            onClick={() => setShown(!isShown)}
          >
            {isShown ? <EyeOffIcon /> : <EyeIcon />}
            <Words text={isShown ? 'Hide' : 'Show'} />
          </button>
        </div>
      )}
    </Field>
  );
}
