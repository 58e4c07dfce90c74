/** The rows of the store as the rest of the service sees them. Times are milliseconds since the Unix epoch. */

import type { ChainedEntry } from '../domain/audit-chain';
import type {
  ApiKeyId,
  ConfigId,
  ExecutionId,
  FlowId,
  ProfileName,
  SecretName,
  TenantId,
} from '../domain/ids';
import type { Role } from '../domain/principal';
import type { Scope } from '../domain/scope';

/** A tenant. */
export interface TenantRecord {
  readonly tenantId: TenantId;
  readonly displayName: string;
  readonly createTime: number;
}

/** A tenant's keysets; the newest keyId is in use for sealing, older ones still open. */
export interface TenantKeysRecord {
  readonly tenantId: TenantId;
  /** Grows from 1. */
  readonly keysRevision: number;
  /** Tink public hybrid keyset, binary serialization. */
  readonly publicKeyset: Uint8Array;
  /** Tink signature over the keyset with its tenant. */
  readonly publicKeysetSignature: Uint8Array;
  /** Tink EncryptedKeyset: the private hybrid keyset under the KEK. */
  readonly wrappedPrivateKeyset: Uint8Array;
  /** Tink EncryptedKeyset: the bundle AEAD keyset under the KEK. */
  readonly wrappedBundleKeyset: Uint8Array;
  readonly createTime: number;
}

/** A keyset of the service itself, wrapped under the KEK. */
export interface ServiceKeysRecord {
  /** Tink EncryptedKeyset that signs tenants' public keysets. */
  readonly wrappedSigningKeyset: Uint8Array;
  /** Tink EncryptedKeyset that MACs execution tokens. */
  readonly wrappedTokenKeyset: Uint8Array;
}

/** One scope of one tenant. */
export interface TenantScope {
  readonly tenantId: TenantId;
  readonly scope: Scope;
}

/** What a scope holds in all. */
export interface ScopeRecord {
  /** Grows by one with every write; never repeats, and 0 where nothing was ever written. */
  readonly revision: number;
  readonly names: number;
  /** Sum of the values' padded lengths. */
  readonly bytes: number;
}

/** A secret without its ciphertext. */
export interface SecretRecord {
  readonly name: SecretName;
  /** The scope's revision of the write that put it there. */
  readonly version: number;
  /** How long the value is once it is padded: its own length is nowhere. */
  readonly paddedBytes: number;
  readonly createTime: number;
  readonly updateTime: number;
}

/** A secret with its ciphertext. */
export interface SealedSecretRecord extends SecretRecord {
  /** What the ciphertext is bound to beside its place; undefined where an earlier version sealed it. */
  readonly sealId: Uint8Array | undefined;
  readonly ciphertext: Uint8Array;
}

/** A sealed secret as the store has it. */
export interface StoredSecretRecord extends SealedSecretRecord {
  /** Undefined for a row that was never signed. */
  readonly signature: Uint8Array | undefined;
}

/** A scope's sealed bundle at one revision. */
export interface BundleRecord {
  readonly revision: number;
  readonly ciphertext: Uint8Array;
}

/** A bundle as the store has it. */
export interface StoredBundleRecord extends BundleRecord {
  /** How many names were revoked of it since it was put. */
  readonly toScrub: number;
}

/** The values of some of a scope's names, sealed at one revision. */
export interface BundlePartRecord extends BundleRecord {
  /** Which: domain/bundle-parts. */
  readonly part: number;
}

/** Parts of a scope that were made at one revision. */
export interface BundlePartsRecord {
  readonly revision: number;
  /** Into how many parts the scope is divided. */
  readonly count: number;
  readonly parts: readonly Pick<BundlePartRecord, 'part' | 'ciphertext'>[];
}

/** An execution and what it pins. */
export interface ExecutionRecord {
  readonly executionId: ExecutionId;
  readonly tenantId: TenantId;
  readonly flowId: FlowId;
  readonly configId: ConfigId | undefined;
  readonly tenantRevision: number;
  /** 0 where no config is in force. */
  readonly configRevision: number;
  readonly startTime: number;
  readonly expireTime: number;
  readonly endTime: number | undefined;
}

/** A name taken from running executions: those that pinned a revision up to this one no longer get it. */
export interface RevocationRecord {
  readonly name: SecretName;
  readonly upToRevision: number;
  readonly revokeTime: number;
}

/** A profile of one flow. */
export interface FlowConfigRecord {
  readonly configId: ConfigId;
  readonly flowId: FlowId;
  readonly profileName: ProfileName;
  /** Seconds; undefined: the tenant default's. */
  readonly nodeTimeoutSeconds: number | undefined;
  readonly createTime: number;
  readonly updateTime: number;
  /** Grows with every change of the config or of its overrides. */
  readonly revision: number;
}

/** The settings of every flow of a tenant. */
export interface TenantDefaultRecord {
  readonly nodeTimeoutSeconds: number | undefined;
  readonly revision: number;
}

/** An API key without the key. */
export interface ApiKeyRecord {
  readonly keyId: ApiKeyId;
  readonly tenantId: TenantId;
  readonly displayName: string;
  readonly role: Role;
  /** SHA-256 of the raw key, lower-case hex. */
  readonly keyHash: string;
  readonly maskedKey: string;
  readonly createTime: number;
  readonly expireTime: number | undefined;
  readonly lastUseTime: number | undefined;
  readonly revokeTime: number | undefined;
}

/** A console session. */
export interface SessionRecord {
  /** SHA-256 of the cookie's value, lower-case hex. */
  readonly sessionHash: string;
  readonly tenantId: TenantId;
  readonly role: Role;
  /** The principal's id: `api-key:<id>` or `oidc:<subject>`. */
  readonly principal: string;
  readonly displayName: string;
  /** The API key that opened the session; the session ends with it. */
  readonly apiKeyId: ApiKeyId | undefined;
  readonly createTime: number;
  readonly expireTime: number;
  /** JSON of what the OpenID provider said of the person's roles; undefined where an API key opened the session. */
  readonly roleClaims: string | undefined;
}

/** A session and when it was last used. */
export interface UsedSession {
  readonly session: SessionRecord;
  readonly lastUseTime: number;
}

/** One node of a published package. */
export interface PackageNodeRecord {
  readonly name: string;
  readonly description: string;
  readonly input: string;
  readonly output: string;
  readonly pipeline: boolean;
  readonly requiredSecrets: readonly string[];
}

/** Which version of which package. */
export interface PackageVersion {
  /** `handle/package-name`. */
  readonly name: string;
  readonly version: string;
}

/** One published version of a package, without its manifest. */
export interface PackageListing extends PackageVersion {
  readonly language: string;
  readonly description: string;
  /** Undefined where they are larger than an answer may be: published before there was a limit, or damaged. */
  readonly nodes: readonly PackageNodeRecord[] | undefined;
  readonly publishedBy: TenantId;
  readonly createTime: number;
}

/** One version of a package to publish. */
export interface PackageRecord extends PackageListing {
  readonly nodes: readonly PackageNodeRecord[];
  /** axiom.yaml as it was sent. */
  readonly manifest: Uint8Array;
}

/** What all handles of a tenant hold together. */
export interface PublishedUse {
  readonly packages: number;
  readonly bytes: number;
}

/** Reads of one name, summed. */
export interface ReadsRecord {
  readonly name: string;
  readonly found: boolean;
  readonly lastReadTime: number;
  /** `handle/name@version`. */
  readonly lastReadPackage: string;
  readonly lastReadNode: string;
  readonly count: number;
}

/** A secret of the tenant's own scope with what was read under its name. */
export interface SecretReadsRecord {
  readonly name: SecretName;
  readonly createTime: number;
  /** Undefined: nothing has read that name. */
  readonly reads: ReadsRecord | undefined;
}

/** An audit event in its place. */
export interface AuditRecord extends ChainedEntry {
  /** From 1, without gaps, per log. */
  readonly sequence: number;
  /** Lower-case hex SHA-256 over the hash before and this entry. */
  readonly hash: string;
}

/** A signed checkpoint of an audit log. */
export interface CheckpointRecord {
  /** The sequence of the newest event that it covers. */
  readonly size: number;
  /** A signed note. */
  readonly note: string;
  readonly signTime: number;
}

/** The last event of a log that was taken out. */
export interface PruneRecord {
  readonly sequence: number;
  readonly hash: string;
  /** The signed checkpoint of that event. */
  readonly note: string;
  readonly pruneTime: number;
}

/** The keyset that signs checkpoints. */
export interface CheckpointKeysRecord {
  /** Tink EncryptedKeyset. */
  readonly wrappedKeyset: Uint8Array;
  readonly verifierKey: string;
}

/** Reads of one name by one node of one execution, summed. */
export interface ExecutionReadRecord {
  readonly executionId: ExecutionId;
  /** `handle/name@version#Node`. */
  readonly node: string;
  readonly name: string;
  readonly found: boolean;
  readonly tenantId: TenantId;
  /** Who reported them last, and from where. */
  readonly principal: string;
  readonly source: string;
  readonly count: number;
  /** How many of them the audit log has. */
  readonly audited: number;
  /** When the execution ends or its token does. */
  readonly deadTime: number;
}
