// Node hosts in each language whose toolchain is here: start-up, the cold and the warm call that
// reads one secret, and what the sidecar's hop adds. One service, one machine, one run.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { serveCommand } from '../scripts/serve-command.mjs';
import { root } from '../scripts/setup.mjs';
import { record } from './figures.mjs';
import { median } from './load.mjs';

const WARM_CALLS = 200;
const require = createRequire(import.meta.url);
const dist = (path) => require(join(root, 'dist', path));
const { openChannel, wireClient } = dist('wire/client.js');
const { NodeService } = dist('gen/axiom/node/v1/node_pb.js');
const { SidecarService } = dist('gen/axiom/sidecar/v1/sidecar_pb.js');
const { ExecutionsService } = dist('gen/axiom/executions/v1/executions_pb.js');
const { SecretsService } = dist('gen/axiom/secrets/v1/secrets_pb.js');
const { LANGUAGES } = dist('manifest/manifest.js');
const { languageSupport } = dist('sdkgen/languages.js');
const { loadPackage } = dist('sdkgen/load-package.js');
const { messageFromJson } = dist('sdkgen/messages-json.js');
const { writeFiles } = dist('sdkgen/write-files.js');
const { startSidecar } = dist('sidecar/sidecar.js');
const pino = require('pino');

const folder = mkdtempSync(join(tmpdir(), 'axiom-bench-'));
const dataDir = join(folder, 'data');
const service = await startService();
console.log('node hosts: start-up until the host answers; a call that reads one secret, in milliseconds');
console.log('  language    start-up   cold   warm   through the sidecar: cold   warm   × direct');
for (const language of LANGUAGES) {
  const example = join(root, 'examples', `greeter-${language}`);
  const missing = existsSync(example)
    ? await languageSupport(language).missingToolchain()
    : 'there is no example';
  if (missing !== undefined) {
    console.log(`  ${language.padEnd(11)} SKIP: ${missing}`);
    continue;
  }
  const figures = await measure(language, example);
  const called = {
    go: 'Go',
    typescript: 'TypeScript',
    python: 'Python',
    rust: 'Rust',
    java: 'Java',
    csharp: 'C#',
  };
  record({
    name: `sidecar ÷ direct, ${called[language]} host, p50`,
    value: figures.at(-1),
    direct: figures[2],
    throughSidecar: figures[4],
    client: "Node's own client",
  });
  console.log(
    `  ${language.padEnd(11)} ${figures.map((figure, index) => figure.toFixed(index === 0 ? 0 : 1).padStart([8, 6, 6, 26, 6, 10][index])).join(' ')}`,
  );
}
service.child.kill('SIGTERM');
await new Promise((resolve) => service.child.once('exit', resolve));
rmSync(folder, { recursive: true, force: true });

/** @returns start-up, cold, warm, sidecar cold, sidecar warm, ratio. */
async function measure(language, example) {
  const support = languageSupport(language);
  const model = await loadPackage(example);
  await writeFiles(model.root, await support.generate(model, () => undefined), () => undefined);
  await support.build(model, () => undefined);
  const { argv, cwd, env } = await support.hostCommand(model);
  const nodeSocket = join(folder, `${language}.sock`);
  const started = performance.now();
  const host = spawn(argv[0], argv.slice(1), {
    cwd,
    env: { ...process.env, ...env, AXIOM_SOCKET: nodeSocket },
    stdio: 'ignore',
  });
  const channel = openChannel(
    { address: `unix:${nodeSocket}` },
    { 'grpc.initial_reconnect_backoff_ms': 20, 'grpc.max_reconnect_backoff_ms': 50 },
  );
  const node = wireClient(NodeService, channel);
  while (
    !(await node.describe({}, { deadline: Date.now() + 60_000 }).then(
      () => true,
      () => new Promise((resolve) => setTimeout(resolve, 10)),
    ))
  );
  const startup = performance.now() - started;

  const input = messageFromJson(
    model.nodes.find((one) => one.manifest.name === 'Greet').input,
    '{"name":"Ada"}',
    model.registry,
  );
  const secrets = { GREETER_SIGNATURE: new TextEncoder().encode('bench') };
  const direct = async () => {
    const context = { executionId: 'e', flowId: 'f', tenantId: 't', secrets };
    for await (const { event } of node.invoke({ node: 'Greet', context, input }))
      if (event.case === 'error') throw new Error('the node failed');
  };
  const cold = await timed(direct);
  const warm = await warmed(direct);

  const sidecar = await startSidecar({
    executionAddress: service.info.execution.address,
    tls: {
      ca: tlsFile('ca.crt'),
      cert: tlsFile('workloads/sidecar.crt'),
      key: tlsFile('workloads/sidecar.key'),
      doorCert: tlsFile('workloads/sidecar-door.crt'),
      doorKey: tlsFile('workloads/sidecar-door.key'),
    },
    ...{ listen: '127.0.0.1:0', nodeSocket, logger: pino({ level: 'silent' }) },
  });
  const engineTls = {
    ca: readFileSync(tlsFile('ca.crt')),
    cert: readFileSync(tlsFile('workloads/engine.crt')),
    key: readFileSync(tlsFile('workloads/engine.key')),
  };
  const engineChannel = openChannel({ address: sidecar.address, tls: { ...engineTls, toSidecar: true } });
  const executionChannel = openChannel({ address: service.info.execution.address, tls: engineTls });
  const { executionToken } = await wireClient(ExecutionsService, executionChannel).startExecution({
    tenantId: 'default',
    flowId: 'bench',
  });
  const engine = wireClient(SidecarService, engineChannel);
  const hop = () => engine.invoke({ executionToken, node: 'Greet', input });
  const hopCold = await timed(hop);
  const hopWarm = await warmed(hop);

  for (const one of [channel, engineChannel, executionChannel]) one.close();
  await sidecar.stop();
  const exited = new Promise((resolve) => host.once('exit', resolve));
  host.kill('SIGTERM');
  await exited;
  return [startup, cold, warm, hopCold, hopWarm, hopWarm / warm];
}

async function timed(call) {
  const begun = performance.now();
  await call();
  return performance.now() - begun;
}

async function warmed(call) {
  const times = [];
  for (let index = 0; index < WARM_CALLS; index++) times.push(await timed(call));
  return median(times);
}

function tlsFile(name) {
  return join(dataDir, name);
}

async function startService() {
  const child = spawn(process.execPath, serveCommand(dataDir, 'error'), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const info = JSON.parse(
    await new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve)),
  );
  const channel = openChannel({
    address: info.management.address,
    tls: { ca: readFileSync(info.caCertificate) },
  });
  const metadata = { authorization: `Bearer ${readFileSync(info.adminApiKeyFile, 'utf8').trim()}` };
  await wireClient(SecretsService, channel).addSecret(
    { name: 'GREETER_SIGNATURE', content: { case: 'value', value: Buffer.from('bench') } },
    { metadata },
  );
  channel.close();
  return { child, info };
}
