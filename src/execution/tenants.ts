/** AccessService on the operator's door: tenants, each with keysets of its own and a first admin API key. */

import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { auditEntry } from '../domain/audit-entry';
import { DEFAULT_API_KEY_TTL_MS, hashApiKey, maskApiKey, newApiKey } from '../domain/api-key';
import type { Call, Handlers } from '../domain/call';
import { randomId } from '../domain/clock';
import { DomainError, parseAll } from '../domain/errors';
import { parseApiKeyId, parseTenantId, type TenantId } from '../domain/ids';
import { cutPage, parsePageSize, parsePageToken } from '../domain/page';
import type { OperatorPrincipal } from '../domain/principal';
import type { AccessService } from '../gen/axiom/access/v1/access_pb';
import type { ApiKeyRecord, TenantRecord } from '../store/records';
import type { ExecutionServerContext } from './context';
import { tenantNotFound } from './openers';

type Methods = 'createTenant' | 'createTenantAdminKey' | 'listTenants';

export function tenantsHandlers(
  context: ExecutionServerContext,
): Handlers<typeof AccessService, Methods, OperatorPrincipal> {
  return {
    async createTenant(call, request) {
      const tenantId = parseTenantId(request.tenantId);
      const adminApiKey = newApiKey(context.randomBytes);
      const displayName = request.displayName || tenantId;
      const tenant = await createTenant(context, call, tenantId, displayName, adminApiKey);
      return { tenant: tenantMessage(tenant), adminApiKey };
    },

    async createTenantAdminKey(call, request) {
      const tenantId = parseTenantId(request.tenantId);
      const adminApiKey = newApiKey(context.randomBytes);
      await context.store.write(
        async (tx) => {
          if ((await tx.getTenant(tenantId)) === undefined) throw tenantNotFound(tenantId);
          const key = adminKeyRecord(context, {
            tenantId,
            displayName: 'admin key from the operator',
            adminApiKey,
            ttlMs: DEFAULT_API_KEY_TTL_MS,
          });
          await tx.insertApiKey(key);
          await tx.appendAudit(
            tenantId,
            auditEntry(call, key.createTime, { action: 'api_key.create', resource: key.keyId }),
          );
        },
        { waiter: call },
      );
      return { adminApiKey };
    },

    async listTenants(call, request) {
      const { size, after } = parseAll({
        size: () => parsePageSize(request.pageSize),
        after: () => parsePageToken(request.pageToken),
      });
      const rows = await context.store.read((tx) => tx.listTenants({ limit: size + 1, after }), call);
      const page = cutPage(rows, size, (row) => row.tenantId);
      return { tenants: page.rows.map(tenantMessage), nextPageToken: page.nextPageToken };
    },
  };
}

/** What making a tenant needs: less than a running server has, since the first start makes one too. */
export type TenantMaking = Pick<ExecutionServerContext, 'store' | 'keyring' | 'clock' | 'randomBytes'>;

/** Makes a tenant whose first admin key is `adminApiKey`; only its hash is stored. @throws DomainError ALREADY_EXISTS. */
export async function createTenant(
  context: TenantMaking,
  call: Call,
  tenantId: TenantId,
  displayName: string,
  adminApiKey: string,
): Promise<TenantRecord> {
  const serviceKeys = await context.store.read((tx) => tx.getServiceKeys(), call);
  if (serviceKeys === undefined) {
    throw new DomainError(
      'FAILED_PRECONDITION',
      'the service has no keysets yet; start it once with `axiom serve`',
      'SERVICE_KEYS_MISSING',
    );
  }
  // Key generation takes a while, so it is done before the write takes the lock.
  const keys = await context.keyring.createTenantKeys(tenantId, serviceKeys.wrappedSigningKeyset);
  const now = context.clock();
  const tenant: TenantRecord = { tenantId, displayName, createTime: now };
  await context.store.write(
    async (tx) => {
      if ((await tx.getTenant(tenantId)) !== undefined) {
        throw new DomainError(
          'ALREADY_EXISTS',
          `tenant ${tenantId} already exists; choose another id`,
          'TENANT_EXISTS',
        );
      }
      await tx.insertTenant(tenant);
      await tx.insertTenantKeys({ tenantId, keysRevision: 1, ...keys, createTime: now });
      // Without an end: no other admin could make another.
      const first = { tenantId, displayName: 'first admin key', adminApiKey, ttlMs: undefined };
      await tx.insertApiKey(adminKeyRecord(context, first));
      await tx.appendAudit(tenantId, auditEntry(call, now, { action: 'tenant.create', resource: tenantId }));
    },
    { waiter: call },
  );
  return tenant;
}

/** Only the key's hash is in it. */
function adminKeyRecord(
  { clock, randomBytes }: Pick<TenantMaking, 'clock' | 'randomBytes'>,
  key: { tenantId: TenantId; displayName: string; adminApiKey: string; ttlMs: number | undefined },
): ApiKeyRecord {
  const { tenantId, displayName, adminApiKey, ttlMs } = key;
  const createTime = clock();
  return {
    keyId: parseApiKeyId(randomId(randomBytes)),
    ...{ tenantId, displayName, role: 'admin' },
    ...{ keyHash: hashApiKey(adminApiKey), maskedKey: maskApiKey(adminApiKey), createTime },
    expireTime: ttlMs === undefined ? undefined : createTime + ttlMs,
    ...{ lastUseTime: undefined, revokeTime: undefined },
  };
}

function tenantMessage({ tenantId, displayName, createTime }: TenantRecord) {
  return { tenantId, displayName, createTime: timestampFromMs(createTime) };
}
