/** Floods of HTTP/2 frames against every door: its other callers are answered, and the process lives on as it was. */

import { create, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AccessService, Role } from '../../src/gen/axiom/access/v1/access_pb';
import { StartExecutionRequestSchema } from '../../src/gen/axiom/executions/v1/executions_pb';
import type { ServiceInfo } from '../../src/server/service';
import { openChannel, wireClient } from '../../src/wire/client';
import { startRig, type Rig } from '../sidecar/support/rig';
import { startServeWith, type ServeProcess } from '../support/serve-process';
import { FLOODS } from './attacks';
import { flood } from './flood';
import { frame, FRAME, RawHttp2 } from './raw-http2';
import { residentMiB } from './resident-memory';
import { doorsOf, sidecarDoor, withApiKey, type Target } from './target';
import { browserVictim, grpcVictim, type Victim } from './victim';

const MORE_MIB = 150;
/** Bytes; as much was read within thirty calls where it was read as fast as it came. */
const TOO_MANY = 400_000_000;
const BARREN = [
  ['WINDOW_UPDATE frames', 'management', frame(FRAME.WINDOW_UPDATE, 0, 0, Buffer.from([0, 0, 0, 1]))],
  ['frames of a type that nobody knows', 'management', frame(0x77, 0, 0)],
  ['empty lines of HTTP/1.1', 'console', Buffer.from('\r\n')],
] as const;

/** Of a colleague of the victim's, who has gone mad. */
async function makeApiKey(info: ServiceInfo): Promise<string> {
  const tls = { ca: readFileSync(info.caCertificate) };
  const channel = openChannel({ address: info.management.address, tls });
  const { authorization = '' } = withApiKey(doorsOf(info).management, info).headers;
  const { rawKey } = await wireClient(AccessService, channel).createApiKey(
    { displayName: 'colleague', role: Role.VIEWER },
    { metadata: { authorization } },
  );
  channel.close();
  return rawKey;
}

describe('The service', () => {
  let serve: ServeProcess;
  let doors: ReturnType<typeof doorsOf>;
  const startExecution = toBinary(
    StartExecutionRequestSchema,
    create(StartExecutionRequestSchema, { tenantId: 'default', flowId: 'f' }),
  );

  beforeAll(async () => {
    // These attacks are none on handshakes, which take their time on a busy machine.
    serve = await startServeWith({ flags: ['--handshake-timeout', '60'] });
    doors = doorsOf(serve.info);
  });

  afterAll(() => serve.stop());

  it.each(FLOODS.map((attack) => [attack.name, attack] as const))('%s', async (_name, attack) => {
    const { info } = serve;
    const admin = grpcVictim(withApiKey(doors.management, info));
    const other = withApiKey(doors.management, info, await makeApiKey(info));
    const person = browserVictim(doors.console);
    const engine = grpcVictim(doors.execution, startExecution);
    const operator = grpcVictim(doors.operator);
    const cases: readonly (readonly [Target, Victim, number])[] = [
      [doors.management, admin, info.management.pid],
      [{ ...other, name: 'management, with an API key' }, admin, info.management.pid],
      [doors.console, person, info.management.pid],
      [doors.execution, engine, info.execution.pid],
      [doors.operator, operator, info.execution.pid],
    ];
    for (const [door, victim, pid] of cases) {
      const before = residentMiB(pid);
      await flood(attack, door, victim);
      const grew = residentMiB(pid) - before;
      expect({ door: door.name, bloated: grew >= MORE_MIB }).toEqual({ door: door.name, bloated: false });
      expect(existsSync(`/proc/${pid}`)).toBe(true);
    }
    for (const victim of [admin, person, engine, operator]) victim.close();
  });

  it.each(BARREN)(
    '%s of no request, from nobody, wait for the calls of others',
    async (_name, door, bytes) => {
      const isConsole = door === 'console';
      const admin = isConsole
        ? browserVictim(doors.console)
        : grpcVictim(withApiKey(doors.management, serve.info));
      const frames = Buffer.alloc(58_500, bytes);
      const open = () => (isConsole ? RawHttp2.openHttp1(doors.console) : RawHttp2.open(doors.management));
      const raws = await Promise.all(Array.from({ length: 4 }, open));
      let sent = 0;
      const floods = raws.map((raw) => raw.flood(Infinity, () => ((sent += frames.byteLength), frames), 1));
      let calls = 0;
      for (; calls < 200 && sent < TOO_MANY; calls++) await admin.call();
      for (const raw of raws) raw.destroy();
      await Promise.all(floods);
      admin.close();
      expect(calls).toBe(200);
    },
  );
});

describe.each(['over mutual TLS', 'on a Unix socket'])('A sidecar %s', (where) => {
  let folder: string;
  let rig: Rig;
  let door: Target;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'axiom-flooded-'));
    const listen = `unix:${join(folder, 'door.sock')}`;
    const isLocal = where === 'on a Unix socket';
    rig = await startRig({ Greet: () => 'hi' }, {}, isLocal ? { listen, insecureUnixSocket: true } : {});
    rig.service.executions.set('token', { executionId: 'e', tenantId: 'acme', secrets: {} });
    const { ca, cert, key } = rig.pki.engine;
    door = sidecarDoor(rig.sidecar.address, isLocal ? undefined : { ca, cert, key });
  });

  afterAll(async () => {
    await rig.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(FLOODS.map((attack) => [attack.name, attack] as const))('%s', async (_name, attack) => {
    const call = () => rig.engine.invoke({ executionToken: 'token', node: 'Greet' });
    await flood(attack, door, { call });
    expect((await call()).output).toEqual(Buffer.from('hi'));
  });
});
