/** What reading axiom.yaml can find wrong, with its place. */

/** A stretch of one line. Lines and columns count from 1; columns in UTF-16 code units, as editors do. */
export interface Span {
  readonly line: number;
  readonly column: number;
  /** One past the last column. */
  readonly endColumn: number;
}

/** One remark about axiom.yaml. An `error` means that no manifest comes of it. */
export interface ManifestFinding extends Span {
  /** Stable, for machines: `manifest-syntax`, `manifest-field`, `manifest-unknown-field`, `manifest-handle`, `manifest-limit`. */
  readonly rule: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly file: string;
  /** What is wrong and what to do. */
  readonly message: string;
}

/** Where a secret's name is in a node's required_secrets. */
export interface DeclaredSecret extends Span {
  readonly node: string;
  readonly name: string;
}
