/** What is often wrong with a pasted value. These warn and never block: any text may be a secret. */

/** Something to look at twice. */
export interface ValueWarning {
  readonly kind: 'line-break' | 'space' | 'quotes' | 'assignment' | 'assignments' | 'placeholder';
  readonly message: string;
  /** What the button that mends it says, where it can be mended. */
  readonly remedy?: string;
}

interface Rule extends ValueWarning {
  readonly pattern: RegExp;
  /** The value without what the rule found. */
  readonly mend?: (value: string) => string;
}

/** Words that are in documentation where a value should be. */
const PLACEHOLDER =
  /^(?:<[^>]*>|\[[^\]]*\]|\$\{[^}]*\}|\{\{[^}]*\}\}|\.{3,}|…|[x*•]{3,}|todo|tbd|n\/a|null|undefined|none|change[-_ ]?me|replace[-_ ]?me|place[-_ ]?holder|example|dummy|test|secret|value|password|(?:your|my)[-_ ].*|sk-\.{3,}|insert[-_ ].*)$/i;

const RULES: readonly Rule[] = [
  {
    kind: 'line-break',
    pattern: /[\r\n]$/,
    message: 'The value ends with a line break. Most services refuse a key that does.',
    remedy: 'Remove the line break',
    mend: (value) => value.replace(/[\r\n]+$/, ''),
  },
  {
    kind: 'space',
    pattern: /^[^\S\r\n]|[^\S\r\n]$/,
    message: 'The value starts or ends with a space.',
    remedy: 'Remove the spaces',
    mend: (value) => value.replace(/^[^\S\r\n]+|[^\S\r\n]+$/g, ''),
  },
  {
    kind: 'quotes',
    pattern: /^\s*(["'`])[^]*\1\s*$/,
    message: 'The value stands in quotes. They are saved as part of it.',
    remedy: 'Remove the quotes',
    mend: (value) => value.replace(/^\s*(["'`])([^]*)\1\s*$/, '$2'),
  },
  {
    kind: 'assignment',
    pattern: /^\s*(?:export\s+)?[A-Z_][A-Z0-9_]*\s*=\s*\S/,
    message:
      'The value looks like NAME=value pasted whole. The name before the equals sign is saved as part of it.',
    remedy: 'Keep what follows the equals sign',
    mend: (value) => value.replace(/^\s*(?:export\s+)?[A-Z_][A-Z0-9_]*\s*=\s*/, ''),
  },
  {
    kind: 'assignments',
    pattern: /[\r\n]\s*(?:export\s+)?[A-Z_][A-Z0-9_]*\s*=\s*\S/,
    message: 'The value has lines that look like NAME=value. All of them are saved as this one value.',
  },
  {
    kind: 'placeholder',
    pattern: PLACEHOLDER,
    message: 'The value looks like placeholder text.',
  },
];

/** @returns one warning per rule that the value meets; none holds any of the value. */
export function warningsAbout(value: string): ValueWarning[] {
  return RULES.filter(({ pattern, kind }) => pattern.test(kind === 'placeholder' ? value.trim() : value)).map(
    ({ kind, message, remedy }) => (remedy === undefined ? { kind, message } : { kind, message, remedy }),
  );
}

/** The value without what the warning is about. */
export function mendValue(value: string, { kind }: ValueWarning): string {
  return RULES.find((rule) => rule.kind === kind)?.mend?.(value) ?? value;
}
