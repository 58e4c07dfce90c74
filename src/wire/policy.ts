/** Who may call what: read from each method's `access` option, decided here and nowhere else. */

import { getOption, hasOption, type DescMethod } from '@bufbuild/protobuf';
import { DomainError } from '../domain/errors';
import type { DoorName, Principal } from '../domain/principal';
import { access as accessOption, CallerKind, Door } from '../gen/axiom/policy/v1/policy_pb';

/** A method's rule. */
export interface MethodAccess {
  readonly door: Door;
  readonly callers: ReadonlySet<CallerKind>;
}

const DOORS: Record<DoorName, Door> = {
  management: Door.MANAGEMENT,
  console: Door.MANAGEMENT,
  execution: Door.EXECUTION,
  operator: Door.OPERATOR,
  sidecar: Door.SIDECAR,
  node: Door.NODE,
};

const ROLE_KINDS = { viewer: CallerKind.VIEWER, editor: CallerKind.EDITOR, admin: CallerKind.ADMIN } as const;
const KINDS = {
  engine: CallerKind.ENGINE,
  sidecar: CallerKind.SIDECAR,
  operator: CallerKind.OPERATOR,
} as const;

/** @throws Error when the method has no rule or an empty one: a server that finds one does not start. */
export function accessOf(method: DescMethod): MethodAccess {
  const rule = hasOption(method, accessOption) ? getOption(method, accessOption) : undefined;
  const callers = new Set(rule?.callers);
  if (
    rule === undefined ||
    rule.door === Door.UNSPECIFIED ||
    callers.size === 0 ||
    callers.has(CallerKind.UNSPECIFIED)
  ) {
    throw new Error(
      `${method.parent.typeName}.${method.name} does not say who may call it; ` +
        'give it the option (axiom.policy.v1.access) with a door and callers',
    );
  }
  return { door: rule.door, callers };
}

/** Whether a method exists at a door at all. */
export function isServedAt(access: MethodAccess, door: DoorName): boolean {
  return access.door === DOORS[door];
}

/** @throws DomainError PERMISSION_DENIED unless the principal's kind is among the callers. */
export function authorize(principal: Principal, access: MethodAccess): void {
  const kind = principal.kind === 'tenant' ? ROLE_KINDS[principal.role] : KINDS[principal.kind];
  if (access.callers.has(kind)) return;
  const needed = [...access.callers].map((caller) => CallerKind[caller].toLowerCase()).join(' or ');
  throw new DomainError(
    'PERMISSION_DENIED',
    `this call is for ${needed}; use a credential of that kind`,
    'CALLER_NOT_ALLOWED',
  );
}
