/** Rule: no management request or response type can carry a stored value out. Proved on the descriptors. */

import { describe, expect, it } from '@jest/globals';
import { getOption, ScalarType, type DescField, type DescMessage, type DescMethod } from '@bufbuild/protobuf';
import { access, Door } from '../../src/gen/axiom/policy/v1/policy_pb';
import { ResolveForExecutionResponseSchema } from '../../src/gen/axiom/secrets/v1/secrets_pb';
import { contractServices } from '../support/descriptors';

/** What an answer may hold as text or bytes. Anything else that could hold a value must be argued for here. */
const KNOWN: Record<string, string> = {
  'axiom.audit.v1.AuditEvent.source': 'an address, made by the listener',
  'axiom.audit.v1.GetAuditCheckpointResponse.note': 'a signed checkpoint: a log’s id, its size and a hash',
  'axiom.audit.v1.GetAuditLogCheckpointResponse.note': 'a signed checkpoint: a log’s id, its size and a hash',
  'axiom.audit.v1.PruneAuditLogResponse.note': 'a signed checkpoint: a log’s id, its size and a hash',
  'axiom.access.v1.CreateApiKeyResponse.raw_key': 'an API key just made, shown once; never a stored value',
  'axiom.access.v1.CreateTenantAdminKeyResponse.admin_api_key':
    'an API key just made, shown once; never a stored value',
  'axiom.access.v1.CreateTenantResponse.admin_api_key':
    'an API key just made, shown once; never a stored value',
  'axiom.secrets.v1.GetPublicKeysetResponse.public_keyset': 'public keys: they seal and cannot open',
  'axiom.secrets.v1.GetPublicKeysetResponse.public_keyset_signature': 'over the public keyset and the tenant',
  'axiom.secrets.v1.GetPublicKeysetResponse.verifying_keyset': 'public keys that verify that signature',
};
/** Names, ids, labels and times: a field of text is one of these, by its own name. */
const LABEL =
  /(^|_)(name|names|id|ids|etag|token|principal|action|door|resource|scope|node|nodes|status|hash|package|packages|version|versions|language|description|input|output|key|secrets)$/;

describe('No console page or API response ever returns a stored value', () => {
  const methods = contractServices()
    .flatMap((service) => service.methods)
    .filter((method) => [Door.MANAGEMENT, Door.OPERATOR].includes(getOption(method, access).door));

  it('covers every method of the management and operator doors', () => {
    expect(methods.length).toBeGreaterThan(25);
  });

  it.each(methods.map((method): [string, DescMethod] => [`${method.parent.name}.${method.name}`, method]))(
    '%s answers with nothing that could carry a value',
    (_name, method) => {
      expect(fieldsBelow(method.output).filter(couldCarryValue).map(pathOf)).toEqual([]);
    },
  );

  it('finds a value where one is: the execution door’s answer would not pass', () => {
    expect(fieldsBelow(ResolveForExecutionResponseSchema).filter(couldCarryValue).map(pathOf)).toContain(
      'axiom.secrets.v1.ResolvedSecret.value',
    );
  });

  it('marks every field that takes a value in as redacted', () => {
    const bytesIn = methods
      .flatMap((method) => fieldsBelow(method.input))
      .filter(isBytes)
      .filter((field) => field.name !== 'manifest');
    const names = bytesIn.map((field) => field.name);
    expect(names).toEqual(expect.arrayContaining(['value', 'seal_id', 'ciphertext']));
    expect(bytesIn.filter((field) => !isRedacted(field)).map(pathOf)).toEqual([]);
  });

  it('never takes a tenant from a management request: the credential says which', () => {
    const management = methods.filter((method) => getOption(method, access).door === Door.MANAGEMENT);
    const named = management
      .flatMap((method) => fieldsBelow(method.input))
      .filter((field) => /tenant/.test(field.name));
    expect(named.map(pathOf)).toEqual([]);
  });
});

function couldCarryValue(field: DescField): boolean {
  const path = pathOf(field);
  if (path in KNOWN) return false;
  if (isBytes(field)) return true;
  if (isRedacted(field)) return true;
  const isText = scalarOf(field) === ScalarType.STRING;
  return isText && !LABEL.test(field.name);
}

function isBytes(field: DescField): boolean {
  return scalarOf(field) === ScalarType.BYTES;
}

function scalarOf(field: DescField): ScalarType | undefined {
  if (field.fieldKind === 'map') return field.mapKind === 'scalar' ? field.scalar : undefined;
  if (field.fieldKind === 'list') return field.listKind === 'scalar' ? field.scalar : undefined;
  return field.fieldKind === 'scalar' ? field.scalar : undefined;
}

function isRedacted(field: DescField): boolean {
  return field.proto.options?.debugRedact === true;
}

function pathOf(field: DescField): string {
  return `${field.parent.typeName}.${field.name}`;
}

/** Every field of a message and of the messages in it, timestamps and durations aside. */
function fieldsBelow(message: DescMessage, seen = new Set<string>()): DescField[] {
  if (seen.has(message.typeName) || message.typeName.startsWith('google.protobuf.')) return [];
  seen.add(message.typeName);
  return message.fields.flatMap((field) => [
    field,
    ...(field.message ? fieldsBelow(field.message, seen) : []),
  ]);
}
