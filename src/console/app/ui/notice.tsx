/** A box that tells of something: what was done, what to mind, what went wrong. */

import type { ReactNode } from 'react';
import { CheckIcon, InfoIcon, WarningIcon } from './icons';
import { Words } from './words';

type Tone = 'info' | 'success' | 'warning' | 'danger';

const ICONS = { info: InfoIcon, success: CheckIcon, warning: WarningIcon, danger: WarningIcon };

interface NoticeProps {
  readonly tone: Tone;
  readonly children: ReactNode;
}

/** Warnings and errors interrupt a screen reader; the rest waits for its turn. */
export function Notice({ tone, children }: NoticeProps) {
  const Icon = ICONS[tone];
  return (
    <div className={`notice ${tone}`} role={tone === 'danger' || tone === 'warning' ? 'alert' : 'status'}>
      <Icon />
      <div className="notice-text">{children}</div>
    </div>
  );
}

/** @param onRetry shown as **Try again**. */
export function ErrorNotice({ text, onRetry }: { readonly text: string; readonly onRetry?: () => void }) {
  return (
    <Notice tone="danger">
      <p>
        <Words text={text} />
      </p>
      {onRetry && (
        <button type="button" className="button small" onClick={onRetry}>
          Try again
        </button>
      )}
    </Notice>
  );
}
