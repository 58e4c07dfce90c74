/** The name of the execution door leads to another server, and to one more: clients follow, without a restart of theirs. */

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { dataDirAt } from '../../src/server/data-dir';
import { eventually } from '../faults/fault-service';
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
/** What the client's calls answered, one after the other. */
const answers: string[] = [];

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
});

afterAll(async () => {
  client?.kill('SIGKILL');
  for (const serve of [first, second]) await serve?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

/** Starts an execution ten times a second and prints what was answered. */
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
        console.log(await call.then(() => 'OK', (error) => error.codeName));
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    })();`;
  writeFileSync(join(scratch, 'client.js'), program);
  const command = `mount --bind '${hosts}' /etc/hosts && exec '${process.execPath}' '${join(scratch, 'client.js')}'`;
  const child = spawn('unshare', ['--mount', 'sh', '-c', command], { stdio: ['ignore', 'pipe', 'inherit'] });
  createInterface({ input: child.stdout }).on('line', (line) => answers.push(line));
  return child;
}

/** Once the client was answered OK again. */
async function answered(): Promise<void> {
  const from = answers.length;
  await eventually(async () => expect(answers.slice(from)).toContain('OK'));
}

/** How many executions were started on that server, by its own log. */
const startedOn = (serve: ServeProcess) => serve.log().split('StartExecution').length - 1;

describeIf(
  missingRight(),
  process.env['AXIOM_REQUIRE_USERS'] === '1',
  'A client of the execution door',
  () => {
    it('gives up a server that says nothing any more, and goes where the name leads now', async () => {
      await answered();
      process.kill(first.info.execution.pid, 'SIGSTOP');
      pointTo(SECOND);
      const before = startedOn(second);
      await answered();
      expect(startedOn(second)).toBeGreaterThan(before);
      process.kill(first.info.execution.pid, 'SIGCONT');
    });

    it('goes to a server that was added, when its connection is old', async () => {
      pointTo(FIRST, SECOND);
      const [atFirst, atSecond] = [startedOn(first), startedOn(second)];
      await eventually(async () => expect(startedOn(first)).toBeGreaterThan(atFirst + 3));
      await eventually(async () => expect(startedOn(second)).toBeGreaterThan(atSecond + 3));
    });
  },
);
