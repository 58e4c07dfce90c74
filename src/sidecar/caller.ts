/** Who may call the sidecar's door: the method's own policy against the certificate that the caller showed. */

import { getOption, hasOption, type DescMethod } from '@bufbuild/protobuf';
import type { AuthContext } from '@grpc/grpc-js/build/src/auth-context';
import { DomainError } from '../domain/errors';
import { access, CallerKind, Door } from '../gen/axiom/policy/v1/policy_pb';

// SPIFFE: exactly one URI names the workload.
const WORKLOAD = /^URI:spiffe:\/\/axiom\/(engine|sidecar)\/([A-Za-z0-9][A-Za-z0-9._-]{0,62})$/;

/** Decides about one call. @throws DomainError UNAUTHENTICATED or PERMISSION_DENIED. */
export type Admit = (caller: AuthContext) => void;

/**
 * Reads who may call a method from its `access` option.
 * @param plain whether the door is a plain Unix socket, whose file mode alone proves the engine.
 * @throws Error for a method that is not for this door: such a sidecar does not start.
 */
export function admission(method: DescMethod, plain: boolean): Admit {
  const rule = hasOption(method, access) ? getOption(method, access) : undefined;
  if (rule === undefined || rule.door !== Door.SIDECAR || rule.callers.length === 0) {
    throw new Error(`${method.parent.typeName}.${method.name} is not a method of the sidecar's door`);
  }
  const callers = new Set(rule.callers);
  return (caller) => {
    const kind = plain ? CallerKind.ENGINE : workloadKind(caller);
    if (!callers.has(kind)) {
      throw new DomainError(
        'PERMISSION_DENIED',
        'Only engines may call this; use a certificate whose URI is spiffe://axiom/engine/<name>.',
        'CALLER_NOT_ALLOWED',
      );
    }
  };
}

function workloadKind(caller: AuthContext): CallerKind {
  // Node writes a name that itself holds a comma or a quote as a JSON string, which matches nothing here.
  const names = (caller.sslPeerCertificate?.subjectaltname ?? '').split(', ');
  const uris = names.filter((name) => name.startsWith('URI:'));
  const match = uris.length === 1 ? WORKLOAD.exec(uris[0] ?? '') : null;
  if (match === null) {
    throw new DomainError(
      'UNAUTHENTICATED',
      'The client certificate names no workload; use one whose URI is spiffe://axiom/engine/<name>.',
      'CERTIFICATE_NOT_A_WORKLOAD',
    );
  }
  return match[1] === 'engine' ? CallerKind.ENGINE : CallerKind.SIDECAR;
}
