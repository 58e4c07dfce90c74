/** The errors of the domain: a short list, mapped to gRPC statuses in one place (wire/service-error.ts). */

/** What kind of failure; each is the gRPC status code of the same name (grpc/status). */
export type ErrorCode =
  | 'INVALID_ARGUMENT'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'ABORTED'
  | 'RESOURCE_EXHAUSTED'
  | 'FAILED_PRECONDITION'
  | 'PERMISSION_DENIED'
  | 'UNAUTHENTICATED'
  | 'UNAVAILABLE'
  | 'UNIMPLEMENTED'
  | 'DATA_LOSS'
  | 'DEADLINE_EXCEEDED'
  | 'CANCELLED'
  | 'INTERNAL';

/** One request field that is wrong (google.rpc.BadRequest.FieldViolation). */
export interface FieldViolation {
  /** The field's path as in the proto: `value`, `executions[2].execution_token`. */
  readonly field: string;
  /** What is wrong with it and what to do; never the value. */
  readonly description: string;
}

/** An error whose message may be shown to the caller: it says what to do next and holds no value, key or SQL. */
export class DomainError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    /** For machines (google.rpc.ErrorInfo.reason), in UPPER_SNAKE_CASE. */
    readonly reason: string,
    readonly fields: readonly FieldViolation[] = [],
    /** When to try again, in milliseconds; undefined where nobody can tell (google.rpc.RetryInfo). */
    readonly retryAfterMs?: number,
  ) {
    super(message);
    this.name = 'DomainError';
  }
}

/** A request that no state could make right: names every wrong field at once. */
export function invalid(...fields: FieldViolation[]): DomainError {
  const message = fields
    .map((f) => (f.field === '' ? f.description : `${f.field}: ${f.description}`))
    .join('; ');
  return new DomainError('INVALID_ARGUMENT', message, 'INVALID_FIELD', fields);
}

/**
 * Runs every parser of a request and answers their results, or one error that names every
 * field that is wrong, so that a caller mends a request once and not field by field.
 * @throws DomainError INVALID_ARGUMENT with all violations.
 */
export function parseAll<T extends Record<string, () => unknown>>(
  parsers: T,
): { readonly [K in keyof T]: ReturnType<T[K]> } {
  const results: Record<string, unknown> = {};
  const violations: FieldViolation[] = [];
  for (const [key, parse] of Object.entries(parsers)) {
    try {
      results[key] = parse();
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'INVALID_ARGUMENT') throw error;
      violations.push(...error.fields);
    }
  }
  if (violations.length > 0) throw invalid(...violations);
  return results as { readonly [K in keyof T]: ReturnType<T[K]> };
}
