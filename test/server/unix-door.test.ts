/** The execution door on a Unix socket, for engines and sidecars on the service's own machine. */

import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { ExecutionsService } from '../../src/gen/axiom/executions/v1/executions_pb';
import { openChannel, wireClient } from '../../src/wire/client';
import { startTestService, type TestService } from '../support/service';

let folder: string;
let path: string;
let service: TestService;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'axiom-unix-door-'));
  path = join(folder, 'execution.sock');
  // What a service that was killed leaves behind is no reason not to start.
  writeFileSync(path, '');
  service = await startTestService({ executionAddress: `unix:${path}` });
});

afterEach(async () => {
  await service.stop();
  rmSync(folder, { recursive: true });
});

async function startExecution(proof: { readonly cert?: Buffer; readonly key?: Buffer }): Promise<string> {
  const ca = readFileSync(service.dir.caCertificate);
  const channel = openChannel({ address: service.execution, tls: { ca, ...proof } });
  try {
    const request = { tenantId: 'default', flowId: 'flow' };
    const { executionToken } = await wireClient(ExecutionsService, channel).startExecution(request, {});
    return executionToken;
  } finally {
    channel.close();
  }
}

const files = (name: string) => ({
  cert: readFileSync(service.dir.workloads.pair(name).certificate),
  key: readFileSync(service.dir.workloads.pair(name).key),
});

it('serves whom mutual TLS proves, and nobody else', async () => {
  expect(service.execution).toBe(`unix:${path}`);
  expect(await startExecution(files('engine'))).toMatch(/^axt_/);
  await expect(startExecution(files('sidecar'))).rejects.toMatchObject({ codeName: 'PERMISSION_DENIED' });
  await expect(startExecution({})).rejects.toMatchObject({ codeName: 'UNAVAILABLE' });
});

it('can be opened by the service’s user only, and is gone when the service is', async () => {
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const again = await service.restart();
  expect(await startExecution(files('engine'))).toMatch(/^axt_/);
  await again.stop();
  expect(existsSync(path)).toBe(false);
  service = await startTestService();
});

it('is left to a service that answers there', async () => {
  await expect(startTestService({ executionAddress: `unix:${path}` })).rejects.toMatchObject({
    reason: 'SOCKET_IN_USE',
  });
  expect(await startExecution(files('engine'))).toMatch(/^axt_/);
});
