/**
 * The name of the execution door leads to another server, and to one more: clients follow, a sidecar among them, without a
 * restart of theirs.
 */

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ExecutionsService } from '../../src/gen/axiom/executions/v1/executions_pb';
import { SidecarService } from '../../src/gen/axiom/sidecar/v1/sidecar_pb';
import { dataDirAt } from '../../src/server/data-dir';
import { socketPathOf } from '../../src/wire/address';
import { openChannel, wireClient, type WireClient } from '../../src/wire/client';
import { eventually } from '../faults/fault-service';
import { startNodeHost, type NodeHostProcess } from '../hostile/node-host';
import { describeIf } from '../support/needs';
import { AXIOM_MAIN, startServeProcess, type ServeProcess } from '../support/serve-process';

const NAME = 'execution.test';
const [FIRST, SECOND] = ['127.0.0.2', '127.0.0.3'];

/** Names are looked up in a hosts file of the test's own, which takes a file system view of its own. */
function missingRight(): string | undefined {
  const may = process.platform === 'linux' && spawnSync('unshare', ['--mount', 'true']).status === 0;
  return may ? undefined : 'the right to a file system view of its own (unshare --mount) is missing';
}

const scratch = mkdtempSync(join(tmpdir(), 'axiom-moving-'));
const hosts = join(scratch, 'hosts');
let first: ServeProcess;
let second: ServeProcess;
let client: ChildProcess;
let sidecar: ChildProcess;
let host: NodeHostProcess;
let engine: WireClient<typeof SidecarService>;

const pointTo = (...addresses: readonly string[]) =>
  writeFileSync(hosts, addresses.map((address) => `${address} ${NAME}\n`).join(''));

const serveAt = (folder: string, address: string) =>
  startServeProcess(folder, process.env, AXIOM_MAIN, {
    flags: [
      '--host',
      NAME,
      '--execution-address',
      address,
      '--max-connection-age',
      '2',
      '--connection-age-grace',
      '1',
    ],
  });

beforeAll(async () => {
  if (missingRight() !== undefined) return;
  const [one, other] = [join(scratch, 'first'), join(scratch, 'second')];
  // Both have the same keys and certificates, and each a store of its own, which tells who was called.
  await (await serveAt(one, `${FIRST}:0`)).stop();
  cpSync(one, other, { recursive: true });
  first = await serveAt(one, `${FIRST}:0`);
  const port = first.info.execution.address.split(':')[1] ?? '';
  second = await serveAt(other, `${SECOND}:${port}`);
  pointTo(FIRST);
  client = startClient(port);
  host = await startNodeHost();
  sidecar = startSidecar(port);
  engine = wireClient(SidecarService, openChannel(await sidecarDoor()));
});

afterAll(async () => {
  for (const child of [client, sidecar]) child?.kill('SIGKILL');
  await host?.stop();
  for (const serve of [first, second]) await serve?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

/** Starts an execution ten times a second, whatever is answered. */
function startClient(port: string): ChildProcess {
  const dist = join(__dirname, '..', '..', 'dist');
  const { certificate, key } = dataDirAt(first.info.dataDir).workloads.pair('engine');
  const program = `
    const { readFileSync } = require('node:fs');
    const { openChannel, wireClient } = require(${JSON.stringify(join(dist, 'wire', 'client.js'))});
    const { ExecutionsService } = require(${JSON.stringify(join(dist, 'gen', 'axiom', 'executions', 'v1', 'executions_pb.js'))});
    const [ca, cert, key] = ${JSON.stringify([first.info.caCertificate, certificate, key])}.map((file) => readFileSync(file));
    const client = wireClient(ExecutionsService, openChannel({ address: '${NAME}:${port}', tls: { ca, cert, key } }));
    (async () => {
      for (;;) {
        const call = client.startExecution({ tenantId: 'default', flowId: 'f' }, { deadline: Date.now() + 2000 });
        await call.catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    })();`;
  writeFileSync(join(scratch, 'client.js'), program);
  return withHosts(join(scratch, 'client.js'));
}

/** A program of Node's that looks names up in that file. */
function withHosts(...args: readonly string[]) {
  const command = `mount --bind '${hosts}' /etc/hosts && exec "$0" "$@"`;
  return spawn('unshare', ['--mount', 'sh', '-c', command, process.execPath, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

const pairOf = (name: 'engine' | 'sidecar' | 'sidecar-door') =>
  dataDirAt(first.info.dataDir).workloads.pair(name);
const engineProof = () => ({
  ca: readFileSync(first.info.caCertificate),
  cert: readFileSync(pairOf('engine').certificate),
  key: readFileSync(pairOf('engine').key),
});

function startSidecar(port: string): ChildProcess {
  const [own, door] = [pairOf('sidecar'), pairOf('sidecar-door')];
  return withHosts(
    ...[AXIOM_MAIN, 'sidecar', '--json', '--execution-address', `${NAME}:${port}`],
    ...['--ca', first.info.caCertificate, '--certificate', own.certificate, '--key', own.key],
    ...['--door-certificate', door.certificate, '--door-key', door.key, '--listen', '127.0.0.1:0'],
    ...['--node-socket', socketPathOf(host.door.address) ?? ''],
  );
}

/** Where engines call it. */
async function sidecarDoor() {
  const output = sidecar.stdout ?? raise('the sidecar has no output');
  const { value } = await createInterface({ input: output })[Symbol.asyncIterator]().next();
  const { address } = (JSON.parse(String(value)) as { sidecar: { address: string } }).sidecar;
  return { address, tls: { ...engineProof(), toSidecar: true } };
}

/** Once the sidecar has resolved an execution that only this server knows. */
async function invokedWith({ info }: ServeProcess): Promise<void> {
  const tls = { ...engineProof(), serverName: NAME };
  const channel = openChannel({ address: info.execution.address, tls });
  const executions = wireClient(ExecutionsService, channel);
  const deadline = () => ({ deadline: Date.now() + 5_000 });
  const start = { tenantId: 'default', flowId: 'f' };
  const { executionToken } = await eventually(() => executions.startExecution(start, deadline()));
  await eventually(() => engine.invoke({ executionToken, node: 'Echo' }, deadline()));
  channel.close();
}

function raise(message: string): never {
  throw new Error(message);
}

/** How many executions were started on that server, by its own log. */
const startedOn = (serve: ServeProcess) => serve.log().split('StartExecution').length - 1;

describeIf(
  missingRight(),
  process.env['AXIOM_REQUIRE_USERS'] === '1',
  'A client of the execution door',
  () => {
    it('gives up a server that says nothing any more, and goes where the name leads now', async () => {
      await eventually(async () => expect(startedOn(first)).toBeGreaterThan(0));
      await invokedWith(first);
      process.kill(first.info.execution.pid, 'SIGSTOP');
      pointTo(SECOND);
      const before = startedOn(second);
      // An answer of the first server may still be on its way here, so what the second one has done counts.
      await eventually(async () => expect(startedOn(second)).toBeGreaterThan(before));
      await invokedWith(second);
      process.kill(first.info.execution.pid, 'SIGCONT');
    });

    it('goes to a server that was added, when its connection is old', async () => {
      pointTo(FIRST, SECOND);
      const [atFirst, atSecond] = [startedOn(first), startedOn(second)];
      await eventually(async () => expect(startedOn(first)).toBeGreaterThan(atFirst + 3));
      await eventually(async () => expect(startedOn(second)).toBeGreaterThan(atSecond + 3));
      // Each is gone to again and again, and not only once.
      for (const serve of [first, second, first, second]) await invokedWith(serve);
    });
  },
);
