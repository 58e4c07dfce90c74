/** AccessService on the management door: who am I, and the tenant's API keys. */

import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { auditEntry } from '../domain/audit-entry';
import { DEFAULT_API_KEY_TTL_MS, hashApiKey, maskApiKey, newApiKey } from '../domain/api-key';
import type { Call, Handlers } from '../domain/call';
import { randomId } from '../domain/clock';
import { DomainError, invalid, parseAll } from '../domain/errors';
import { parseApiKeyId } from '../domain/ids';
import { cutPage, parsePageSize, parsePageToken } from '../domain/page';
import type { Role as RoleName, TenantPrincipal } from '../domain/principal';
import { Role, type AccessService, type ApiKeySchema } from '../gen/axiom/access/v1/access_pb';
import { apiKeyKey, splitApiKeyKey } from '../store/paging';
import type { ApiKeyRecord } from '../store/records';
import type { ReadTx, WriteTx } from '../store/store';
import type { ManagementContext } from './context';

const MAX_DISPLAY_NAME = 128;
const MIN_TTL_SECONDS = 60;
/** A hundred years: beyond it a timestamp is a slip of the keyboard. */
const MAX_TTL_SECONDS = 100 * 366 * 86_400;

/** As the contract names them. */
export const ROLES = { viewer: Role.VIEWER, editor: Role.EDITOR, admin: Role.ADMIN } as const;

type Methods = 'whoAmI' | 'createApiKey' | 'listApiKeys' | 'revokeApiKey';

export function accessHandlers(
  context: ManagementContext,
): Handlers<typeof AccessService, Methods, TenantPrincipal> {
  const { store, clock, randomBytes } = context;
  return {
    async whoAmI({ principal }) {
      const { tenantId, id, displayName, role } = principal;
      const { separation, serviceVersion } = context;
      return {
        ...{ tenantId, principal: id, displayName, role: ROLES[role] },
        ...{ separation, serviceVersion, serverTime: timestampFromMs(clock()) },
      };
    },

    async createApiKey(call, request) {
      const { displayName, role, ttlMs } = parseAll({
        displayName: () => parseDisplayName(request.displayName),
        role: () => parseRole(request.role),
        ttlMs: () => parseTtl(request.ttl, request.neverExpires),
      });
      const { tenantId } = call.principal;
      const rawKey = newApiKey(randomBytes);
      const now = clock();
      const record: ApiKeyRecord = {
        keyId: parseApiKeyId(randomId(randomBytes)),
        tenantId,
        displayName,
        role,
        keyHash: hashApiKey(rawKey),
        maskedKey: maskApiKey(rawKey),
        createTime: now,
        expireTime: ttlMs === undefined ? undefined : now + ttlMs,
        lastUseTime: undefined,
        revokeTime: undefined,
      };
      await store.write(
        async (tx) => {
          await tx.insertApiKey(record);
          await tx.appendAudit(
            tenantId,
            auditEntry(call, now, { action: 'api_key.create', resource: record.keyId }),
          );
        },
        { waiter: call, tenant: tenantId },
      );
      return { rawKey, apiKey: apiKeyMessage(record) };
    },

    async listApiKeys(call, request) {
      const { size, after } = parseAll({
        size: () => parsePageSize(request.pageSize),
        after: () => parseKeyPage(parsePageToken(request.pageToken)),
      });
      const rows = await store.read(
        (tx) => tx.listApiKeys(call.principal.tenantId, { limit: size + 1, after }),
        call,
      );
      const page = cutPage(rows, size, apiKeyKey);
      return { apiKeys: page.rows.map(apiKeyMessage), nextPageToken: page.nextPageToken };
    },

    async revokeApiKey(call, request) {
      const keyId = parseApiKeyId(request.keyId);
      const { tenantId } = call.principal;
      const revoke = async (tx: WriteTx) => {
        const record = await tx.getApiKey(tenantId, keyId);
        if (record === undefined) {
          throw new DomainError(
            'NOT_FOUND',
            'this tenant has no such API key; list the keys to see which it has',
            'API_KEY_NOT_FOUND',
          );
        }
        const now = clock();
        const isInForce = record.revokeTime === undefined && (record.expireTime ?? Infinity) > now;
        if (isInForce && !request.allowLockout) await checkLockout(tx, call, record, now);
        if (record.revokeTime === undefined) await tx.revokeApiKey(tenantId, keyId, now);
        await tx.appendAudit(tenantId, auditEntry(call, now, { action: 'api_key.revoke', resource: keyId }));
      };
      await store.write(revoke, { waiter: call, tenant: tenantId, urgent: true });
      return {};
    },
  };
}

function apiKeyMessage(record: ApiKeyRecord): MessageInitShape<typeof ApiKeySchema> {
  return {
    keyId: record.keyId,
    displayName: record.displayName,
    role: ROLES[record.role],
    maskedKey: record.maskedKey,
    createTime: timestampFromMs(record.createTime),
    ...(record.expireTime !== undefined && { expireTime: timestampFromMs(record.expireTime) }),
    ...(record.lastUseTime !== undefined && { lastUseTime: timestampFromMs(record.lastUseTime) }),
    ...(record.revokeTime !== undefined && { revokeTime: timestampFromMs(record.revokeTime) }),
  };
}

function parseDisplayName(text: string): string {
  const name = text.trim();
  if (name.length < 1 || name.length > MAX_DISPLAY_NAME || /\p{Cc}/u.test(name)) {
    throw invalid({ field: 'display_name', description: 'is not 1 to 128 printable characters' });
  }
  return name;
}

/** A token of another list is refused, not read as an empty page. */
function parseKeyPage(key: string | undefined): string | undefined {
  if (splitApiKeyKey(key) === undefined) {
    throw invalid({
      field: 'page_token',
      description: 'is not a next_page_token of this list; start again without it',
    });
  }
  return key;
}

function parseRole(role: Role): RoleName {
  const found = (Object.keys(ROLES) as RoleName[]).find((name) => ROLES[name] === role);
  if (found === undefined) {
    throw invalid({ field: 'role', description: 'is not ROLE_VIEWER, ROLE_EDITOR or ROLE_ADMIN' });
  }
  return found;
}

/** @returns undefined for a key without an end. */
function parseTtl(
  ttl: { readonly seconds: bigint; readonly nanos: number } | undefined,
  neverExpires: boolean,
): number | undefined {
  if (ttl === undefined) return neverExpires ? undefined : DEFAULT_API_KEY_TTL_MS;
  const seconds = Number(ttl.seconds);
  if (neverExpires) {
    throw invalid({ field: 'ttl', description: 'comes with never_expires; send one of the two' });
  }
  if (seconds < MIN_TTL_SECONDS || seconds > MAX_TTL_SECONDS) {
    throw invalid({
      field: 'ttl',
      description: 'is not a minute to a hundred years; leave it out for 90 days',
    });
  }
  return seconds * 1_000;
}

/** A slip that nobody of the tenant could mend has to be meant. */
async function checkLockout(
  tx: ReadTx,
  { principal }: Call<TenantPrincipal>,
  { keyId, role }: ApiKeyRecord,
  now: number,
): Promise<void> {
  if (principal.apiKeyId === keyId) {
    throw lockout('this is the API key that you are using; use another, or allow the lockout', 'API_KEY_OWN');
  }
  if (role === 'admin' && (await tx.countOtherAdminKeys(principal.tenantId, keyId, now)) === 0) {
    throw lockout(
      'this is the last admin API key of the tenant; create another first, or allow the lockout',
      'API_KEY_LAST_ADMIN',
    );
  }
}

function lockout(message: string, reason: string): DomainError {
  return new DomainError('FAILED_PRECONDITION', message, reason);
}
