// `npm run quickstart`: one secret's whole way, on a machine with only Node and git.
// Leaves the service running until Ctrl-C; `-- --once` ends after the show.

import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { join, relative } from 'node:path';
import { tryLock } from './lock.mjs';
import { serveCommand } from './serve-command.mjs';
import { ensureBuilt, ensureInstalled, root } from './setup.mjs';

const once = process.argv.includes('--once');
const NAME = 'GREETER_SIGNATURE';
const require = createRequire(import.meta.url);
const stops = [];

let step = 'set-up';
// From the first line on: an interrupted show must not leave the service running, also where npm passes the signal on.
const interrupted = new Promise((resolve) => process.on('SIGINT', resolve).on('SIGTERM', resolve));
void interrupted.then(async () => {
  await stopAll();
  process.exit(once ? 130 : 0);
});
try {
  await ensureInstalled();
  await ensureBuilt();
  await show();
} catch (error) {
  console.error(`\nquickstart failed at: ${step}\n${error?.message ?? error}`);
  await stopAll();
  process.exit(1);
}
if (once) {
  await stopAll();
  process.exit(0);
}

async function show() {
  const dataDir = takeDataDir();
  step = 'start the service';
  const info = await startService(dataDir);
  say(
    'service',
    `management server (pid ${info.management.pid}) seals, execution server (pid ${info.execution.pid}) opens; SQLite in ${relative(root, dataDir)}`,
  );

  const { openChannel, wireClient } = require(join(root, 'dist/wire/client.js'));
  const { SecretsService } = require(join(root, 'dist/gen/axiom/secrets/v1/secrets_pb.js'));
  const ca = readFileSync(info.caCertificate);
  const channel = openChannel({ address: info.management.address, tls: { ca } });
  stops.push(() => channel.close());
  const apiKey = readFileSync(info.adminApiKeyFile, 'utf8').trim();
  const call = () => ({ metadata: { authorization: `Bearer ${apiKey}` }, deadline: Date.now() + 30_000 });
  const secrets = wireClient(SecretsService, channel);
  const bytes = (text) => new TextEncoder().encode(text);
  await secrets.deleteSecret({ name: NAME }, call()).catch(() => undefined); // left by a run that was interrupted

  step = 'add the secret';
  await secrets.addSecret({ name: NAME, content: { case: 'value', value: bytes('the Axiom team') } }, call());
  say('management door', `added ${NAME}; its value went in and no management call can read it back`);

  for (const language of await languages()) {
    step = `run the ${language} node`;
    const greet = await startNode(language, info);
    step = `greet from ${language}`;
    say('execution door', `${language}: a new execution pins the secrets, its sidecar resolves them once`);
    say('sidecar', `${language} node says: ${await greet()}`);
    if (language !== 'typescript') continue;
    step = 'replace the secret';
    await secrets.replaceSecret(
      { name: NAME, content: { case: 'value', value: bytes('everyone at Axiom') } },
      call(),
    );
    say('management door', `replaced ${NAME}`);
    say('sidecar', `the next execution sees it: ${await greet()}`);
    step = 'delete the secret';
    await secrets.deleteSecret({ name: NAME }, call());
    say('management door', `deleted ${NAME}`);
    say('sidecar', `the next execution sees that too: ${await greet()}`);
    step = 'add the secret again';
    await secrets.addSecret(
      { name: NAME, content: { case: 'value', value: bytes('the Axiom team') } },
      call(),
    );
  }
  if (once) return;
  console.log(`
The service is running. Press Ctrl-C to stop it.
  management door  ${info.management.address}  (gRPC over TLS, CA in ${relative(root, info.caCertificate)})
  execution door   ${info.execution.address}  (gRPC over mutual TLS)${
    info.console
      ? `
  console          https://${info.console.address}/console/secrets`
      : ''
  }
  log in           with the admin API key in ${relative(root, info.adminApiKeyFile)}
  try              bin/axiom secrets list --data-dir ${relative(root, dataDir)}`);
}

/** The first of .axiom/quickstart, .axiom/quickstart-2, … that no other running copy holds. */
function takeDataDir() {
  for (let number = 1; ; number++) {
    const folder = join(root, '.axiom', number === 1 ? 'quickstart' : `quickstart-${number}`);
    const release = tryLock(`${folder}.lock`);
    if (release === undefined) continue;
    stops.push(release);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  }
}

/** `axiom serve` as anyone would start it, on free ports; its ready line says where. */
async function startService(dataDir) {
  const args = serveCommand(dataDir, 'warn');
  // A group of its own: Ctrl-C reaches this script only, which then stops things in order.
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  stops.push(() => end(child));
  const line = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`axiom serve ended with exit code ${code}`)));
  });
  return JSON.parse(line);
}

/** TypeScript always; Python where it is on the machine. */
async function languages() {
  keepPackagesHereWithoutHome();
  const { languageSupport } = require(join(root, 'dist/sdkgen/languages.js'));
  const missing = await languageSupport('python').missingToolchain();
  if (missing !== undefined) say('quickstart', `the Python node is left out: ${missing}`);
  return missing === undefined ? ['typescript', 'python'] : ['typescript'];
}

/** What Python's node is given is kept in the home folder, where there is one that can be written to. */
function keepPackagesHereWithoutHome() {
  const { cacheDir } = require(join(root, 'dist/sdkgen/cache-dir.js'));
  try {
    cacheDir();
  } catch {
    process.env.AXIOM_CACHE_DIR = join(root, '.axiom', 'cache');
  }
}

/** Builds and starts an example's node host with its sidecar. @returns a function that runs one execution. */
async function startNode(language, info) {
  const { loadPackage } = require(join(root, 'dist/sdkgen/load-package.js'));
  const { startNodeBeside } = require(join(root, 'dist/cli/node-beside.js'));
  const { runOnce } = require(join(root, 'dist/cli/run.js'));
  const { createLogger } = require(join(root, 'dist/server/logger.js'));
  const model = await loadPackage(join(root, 'examples', `greeter-${language}`));
  const node = model.nodes.find((one) => one.manifest.name === 'Greet');
  const beside = await startNodeBeside(model, info, createLogger('sidecar', 'warn'), (line) =>
    console.error(`  ${line}`),
  );
  stops.push(() => beside.stop());
  return async () => {
    const target = {
      flow: 'quickstart',
      tenantId: 'default',
      info,
      sidecar: beside.address,
      registry: model.registry,
    };
    const [output] = await runOnce(node, '{"name":"Ada"}', target);
    return JSON.parse(output).greeting;
  };
}

function say(door, what) {
  console.log(`${`[${door}]`.padEnd(18)} ${what}`);
}

function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill('SIGTERM');
  });
}

/** Each stop once, the last thing started first. */
async function stopAll() {
  for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) await stop();
}
