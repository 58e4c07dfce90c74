/** A client that is not ours does every management call: `buf curl`, with the service's CA and reflection. */

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getOption } from '@bufbuild/protobuf';
import { access, Door } from '../../src/gen/axiom/policy/v1/policy_pb';
import { contractServices } from '../support/descriptors';
import type { ServiceInfo } from '../../src/server/service';
import { startServeProcess, type ServeProcess } from '../support/serve-process';

const BUF = join(__dirname, '..', '..', 'node_modules', '.bin', 'buf');
const called = new Set<string>();

let serve: ServeProcess;
let info: ServiceInfo;
let headers: string;

beforeAll(async () => {
  serve = await startServeProcess();
  info = serve.info;
  headers = join(info.dataDir, 'headers');
  const apiKey = readFileSync(info.adminApiKeyFile, 'utf8').trim();
  writeFileSync(headers, `authorization: Bearer ${apiKey}\n`, { mode: 0o600 });
});

afterAll(() => serve.stop());

/** The credential comes from a file, as it should. */
function call(method: string, request: object): Record<string, unknown> {
  called.add(method);
  const [service = '', name = ''] = method.split('.');
  const typeName = contractServices().find((one) => one.name === service)?.typeName;
  const { status, stdout, stderr } = spawnSync(
    BUF,
    [
      ...[
        'curl',
        '--protocol',
        'grpc',
        '--cacert',
        info.caCertificate,
        '--reflect',
        '--reflect-protocol',
        'grpc-v1',
      ],
      ...['-H', `@${headers}`, '-d', JSON.stringify(request)],
      `https://${info.management.address.replace('127.0.0.1', 'localhost')}/${typeName}/${name}`,
    ],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('A client that is not ours does every management call', () => {
  it('registers, replaces, lists and deletes secrets', () => {
    const { receipt } = call('SecretsService.AddSecret', { name: 'A', value: base64('one') }) as {
      receipt: { etag: string };
    };
    const replaced = call('SecretsService.ReplaceSecret', {
      name: 'A',
      value: base64('two'),
      etag: receipt.etag,
    });
    expect(replaced).toMatchObject({ receipt: { name: 'A', paddedBytes: 64, version: '2' } });
    expect(() => call('SecretsService.DeleteSecret', { name: 'A', etag: receipt.etag })).toThrow(
      /has changed since you read it/,
    );
    expect(call('SecretsService.ListSecretNames', {})).toMatchObject({ secrets: [{ name: 'A' }] });
    expect(call('UsageService.GetSecretUsage', { name: 'A' })).toMatchObject({ usage: { name: 'A' } });
    const imported = call('SecretsService.ImportSecrets', {
      secrets: [
        { name: 'A', value: base64('three') },
        { name: 'B', value: base64('one') },
      ],
      ifExists: 'IMPORT_IF_EXISTS_REPLACE',
    });
    expect(imported).toMatchObject({
      secrets: [
        { receipt: { name: 'A', version: '3' }, action: 'IMPORT_ACTION_REPLACED' },
        { receipt: { name: 'B', version: '4' }, action: 'IMPORT_ACTION_ADDED' },
      ],
    });
    call('SecretsService.DeleteSecret', { name: 'A' });
    call('SecretsService.DeleteSecret', { name: 'B' });
    expect(call('SecretsService.ListSecretNames', {})).toEqual({});
    expect(call('SecretsService.GetPublicKeyset', {})).toMatchObject({
      tenantId: 'default',
      publicKeyset: expect.any(String),
      publicKeysetSignature: expect.any(String),
      verifyingKeyset: expect.any(String),
    });
  });

  it('keeps flow configs with overrides', () => {
    const { flowConfig } = call('FlowConfigsService.CreateFlowConfig', {
      flowId: 'f',
      nodeTimeout: '5s',
    }) as { flowConfig: { configId: string } };
    const { configId } = flowConfig;
    expect(flowConfig).toMatchObject({ profileName: 'default', nodeTimeout: '5s' });
    call('FlowConfigsService.SetSecretOverride', { configId, name: 'A', value: base64('three') });
    call('FlowConfigsService.UpdateFlowConfig', { configId, profileName: 'eu' });
    expect(call('FlowConfigsService.GetFlowConfig', { configId })).toMatchObject({
      flowConfig: { profileName: 'eu', overrides: [{ name: 'A' }] },
    });
    expect(call('FlowConfigsService.ListFlowConfigs', { flowId: 'f' })).toMatchObject({
      flowConfigs: [{ configId }],
    });
    expect(call('FlowConfigsService.ListFlows', {})).toEqual({ flowIds: ['f'] });
    call('FlowConfigsService.DeleteSecretOverride', { configId, name: 'A' });
    call('FlowConfigsService.DeleteFlowConfig', { configId });
    expect(call('FlowConfigsService.UpdateTenantDefault', { nodeTimeout: '60s' })).toMatchObject({
      tenantDefault: { nodeTimeout: '60s' },
    });
    expect(call('FlowConfigsService.GetTenantDefault', {})).toMatchObject({
      tenantDefault: { effectiveNodeTimeout: '60s' },
    });
  });

  it('publishes packages and shows which secrets are lacking', () => {
    const manifest = base64(
      'name: acme/greeter\nversion: 1.0.0\nlanguage: go\nnodes:\n  - name: Greet\n    input: A\n    output: B\n    required_secrets: [GREETER_SIGNATURE]\n',
    );
    const lacking = { requiredSecrets: [{ name: 'GREETER_SIGNATURE', nodes: ['Greet'] }] };
    expect(call('PackagesService.PublishPackage', { manifest })).toMatchObject({ package: lacking });
    expect(() => call('PackagesService.PublishPackage', { manifest })).toThrow(
      /never changes; raise the version/,
    );
    expect(call('PackagesService.GetPackage', { name: 'acme/greeter' })).toMatchObject({ package: lacking });
    expect(call('PackagesService.ListPackages', {})).toMatchObject({
      packages: [{ name: 'acme/greeter', versions: ['1.0.0'] }],
    });
    call('PackagesService.UnpublishPackage', { name: 'acme/greeter', version: '1.0.0' });
    expect(call('PackagesService.ListPackages', {})).toEqual({});
  });

  it('manages API keys, and reads usage and the audit log', () => {
    expect(call('AccessService.WhoAmI', {})).toMatchObject({ tenantId: 'default', role: 'ROLE_ADMIN' });
    const { apiKey } = call('AccessService.CreateApiKey', { displayName: 'bot', role: 'ROLE_VIEWER' }) as {
      apiKey: { keyId: string };
    };
    expect(call('AccessService.ListApiKeys', {})).toMatchObject({
      apiKeys: [{}, { keyId: apiKey.keyId, displayName: 'bot' }],
    });
    call('AccessService.RevokeApiKey', { keyId: apiKey.keyId });
    expect(call('UsageService.ListSecretUsage', {})).toEqual({});
    expect(call('UsageService.ListMissedReads', {})).toEqual({});
    const { events } = call('AuditService.ListAuditEvents', { pageSize: 2 }) as {
      events: { action: string }[];
    };
    expect(events.map((event) => event.action)).toEqual(['api_key.revoke', 'api_key.create']);
    expect(call('AuditService.SearchAuditEvents', { action: 'secret.add' })).toMatchObject({
      events: [
        { action: 'secret.add', resource: 'B' },
        { action: 'secret.add', resource: 'A' },
      ],
    });
    expect(call('AuditService.GetAuditCheckpoint', {})).toMatchObject({ note: expect.any(String) });
    expect(call('AccessService.ListSessions', {})).toEqual({});
    expect(call('AccessService.EndSessions', {})).toEqual({});
  });

  it('has called every method of the management door', () => {
    const methods = contractServices()
      .flatMap((service) => service.methods)
      .filter((method) => getOption(method, access).door === Door.MANAGEMENT)
      .map((method) => `${method.parent.name}.${method.name}`);
    expect([...called].sort()).toEqual(methods.sort());
  });
});
