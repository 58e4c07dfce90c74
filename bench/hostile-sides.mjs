// What hostile peers attack: a service, a sidecar and a node host, each a process as it is run, with a victim at each door.

import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../scripts/setup.mjs';
import { serve, startProcess, stopProcess } from './service.mjs';

const require = createRequire(import.meta.url);
require(join(root, 'test/support/register.cjs'));
const hostile = (file) => require(join(root, 'test/hostile', `${file}.ts`));
const generated = (file) => require(join(root, 'src/gen/axiom', `${file}.ts`));
const { doorsOf, IMPORT_SECRETS, sidecarDoor, withApiKey } = hostile('target');
const { browserVictim, grpcVictim } = hostile('victim');
const { startNodeHost } = hostile('node-host');
const { create, toBinary, fromBinary } = require('@bufbuild/protobuf');
const { StartExecutionRequestSchema, StartExecutionResponseSchema } = generated(
  'executions/v1/executions_pb',
);
const { InvokeRequestSchema } = generated('sidecar/v1/sidecar_pb');
const { CreateApiKeyRequestSchema, CreateApiKeyResponseSchema, Role } = generated('access/v1/access_pb');

const message = (schema, fields) => toBinary(schema, create(schema, fields));

/** @returns the cases, each a door with its victim and the process behind it, and `stop()`. */
export async function startSides() {
  const folder = mkdtempSync(join(tmpdir(), 'axiom-hostile-'));
  const dataDir = join(folder, 'data');
  const service = await serve(dataDir);
  const { management, execution } = service.info;
  const doors = doorsOf(service.info);
  const admin = withApiKey(doors.management, service.info);
  const colleague = withApiKey(doors.management, service.info, await colleagueOf(admin));
  const attacker = { ...colleague, path: IMPORT_SECRETS };
  const start = message(StartExecutionRequestSchema, { tenantId: 'default', flowId: 'bench' });
  const engine = grpcVictim(doors.execution, start);
  const { executionToken } = fromBinary(StartExecutionResponseSchema, await engine.ask());
  const host = await startNodeHost();
  const sidecar = await startProcess([
    ...[join(root, 'dist', 'cli', 'main.js'), 'sidecar', '--data-dir', dataDir, '--json'],
    ...['--listen', '127.0.0.1:0', '--log-level', 'error', '--node-socket', host.door.at.path],
  ]);
  const { address } = JSON.parse(sidecar.line).sidecar;
  const sidecars = sidecarDoor(address, doors.execution.tls);
  const invoke = message(InvokeRequestSchema, { executionToken, node: 'Echo' });
  const cases = [
    { name: 'management', door: doors.management, victim: grpcVictim(admin), pid: management.pid },
    { name: 'with an API key', door: attacker, victim: grpcVictim(admin), pid: management.pid },
    { name: 'console', door: doors.console, victim: browserVictim(doors.console), pid: management.pid },
    { name: 'execution', door: doors.execution, victim: engine, pid: execution.pid },
    { name: 'sidecar', door: sidecars, victim: grpcVictim(sidecars, invoke), pid: sidecar.pid },
    { name: 'node host', door: host.door, victim: host.sidecar(), pid: host.pid },
  ];
  return {
    cases,
    async stop() {
      for (const { victim } of cases) victim.close();
      await stopProcess(sidecar);
      await host.stop();
      await stopProcess(service);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** @returns the API key of another member of the tenant: one who attacks uses up the budget of its own calls. */
async function colleagueOf(admin) {
  const maker = grpcVictim(
    { ...admin, path: '/axiom.access.v1.AccessService/CreateApiKey' },
    message(CreateApiKeyRequestSchema, { displayName: 'attacker', role: Role.EDITOR }),
  );
  const { rawKey } = fromBinary(CreateApiKeyResponseSchema, await maker.ask());
  maker.close();
  return rawKey;
}
