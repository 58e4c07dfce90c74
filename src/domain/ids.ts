/** Names and ids with their rules. Each type is made only by its parser. */

import { invalid } from './errors';

declare const brand: unique symbol;
type Branded<T, B extends string> = T & { readonly [brand]: B };

/** A tenant's id. */
export type TenantId = Branded<string, 'TenantId'>;
/** A secret's name: case-sensitive. */
export type SecretName = Branded<string, 'SecretName'>;
/** A flow's id, given by the platform. */
export type FlowId = Branded<string, 'FlowId'>;
/** A flow config's id, made by the service. */
export type ConfigId = Branded<string, 'ConfigId'>;
/** A profile's name within its flow. */
export type ProfileName = Branded<string, 'ProfileName'>;
/** An execution's id. */
export type ExecutionId = Branded<string, 'ExecutionId'>;
/** An API key's id. */
export type ApiKeyId = Branded<string, 'ApiKeyId'>;

function parser<T extends string>(pattern: RegExp, what: string, defaultField: string) {
  return (text: string, field = defaultField): T => {
    if (!pattern.test(text)) {
      throw invalid({ field, description: text === '' ? `is empty; ${what}` : what });
    }
    return text as T;
  };
}

export const parseTenantId = parser<TenantId>(
  /^[a-z0-9][a-z0-9-]{0,62}$/,
  'a tenant id is 1 to 63 lower-case letters, digits and hyphens and starts with a letter or digit',
  'tenant_id',
);

const SECRET_NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/;

const parsePlainSecretName = parser<SecretName>(
  SECRET_NAME,
  'a secret name is 1 to 128 letters, digits, underscores, dots and hyphens and starts with a letter or underscore',
  'name',
);

export function parseSecretName(text: string, field = 'name'): SecretName {
  // It is not a key of a JavaScript object, which is what map fields become in several clients.
  if (text === '__proto__')
    throw invalid({ field, description: 'may not be __proto__; choose another name' });
  return parsePlainSecretName(text, field);
}

/** No secret's name is longer. */
export const SECRET_NAME_BYTES = 128;

/** Stands for a name that no secret could have: what node code asks for may be anything, a value even. */
export const NOT_A_SECRET_NAME = '(not a secret name)';

export function isSecretName(text: string): text is SecretName {
  return SECRET_NAME.test(text) && text !== '__proto__';
}

export const parseFlowId = parser<FlowId>(
  /^[A-Za-z0-9_][A-Za-z0-9_./-]{0,127}$/,
  'a flow id is 1 to 128 letters, digits, underscores, dots, slashes and hyphens',
  'flow_id',
);

export const parseConfigId = parser<ConfigId>(
  /^[A-Za-z0-9_-]{1,64}$/,
  'a config id is the one that CreateFlowConfig answered',
  'config_id',
);

export const parseProfileName = parser<ProfileName>(
  /^[A-Za-z0-9_.-]{1,64}$/,
  'a profile name is 1 to 64 letters, digits, underscores, dots and hyphens',
  'profile_name',
);

/** The profile that an execution runs with when it names none. */
export const DEFAULT_PROFILE = parseProfileName('default');

export const parseExecutionId = parser<ExecutionId>(
  /^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,127}$/,
  'an execution id is 1 to 128 letters, digits, underscores, dots, colons and hyphens',
  'execution_id',
);

export const parseApiKeyId = parser<ApiKeyId>(
  /^[A-Za-z0-9_-]{1,64}$/,
  'a key id is the one that CreateApiKey answered',
  'key_id',
);
