// `npm run prove`: puts values in through every way there is, and looks for them where they must not be.
//
// Every way has a mark of its own that begins each of its values. Marks are searched for in the memory of the
// management server, the database with its log, a backup, every answer and every log, as they are and as base64, hex,
// URL and JSON write them. What a client sealed must be nowhere; that the search finds what is there is shown by the
// execution server's memory while it resolves. Prints a table; exit code 1 when it is not so.
//
//     npm run prove                              1,000 values, with a real browser if there is one
//     npm run prove -- --values 100 --no-browser
//     npm run prove -- --after 60                looks for what the execution server let go of after 60 seconds
//     npm run prove -- --json                    the figures as one line of JSON

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { filesBelow, memoryOf } from './prove/places.mjs';
import { formsOf, newMark, newValue } from './prove/marks.mjs';
import { saveInBrowser } from './prove/browser.mjs';
import { serveCommand } from './serve-command.mjs';
import { ensureBuilt, ensureInstalled, root } from './setup.mjs';

const { values: flags } = parseArgs({
  options: {
    values: { type: 'string', default: '1000' },
    'no-browser': { type: 'boolean', default: false },
    after: { type: 'string', default: '20' },
    json: { type: 'boolean', default: false },
  },
});
const TOTAL = Number(flags.values);
const FLOW = 'prove';
/** What a process had a while ago and let go of is looked for after so long. */
const AFTER_SECONDS = Number(flags.after);

await ensureInstalled();
await ensureBuilt();
const require = createRequire(import.meta.url);
const dist = (path) => require(join(root, 'dist', path));

/** How many of the values each way takes: a process or a form for one value costs much more than a line of a file. */
const share = (part) => Math.max(1, Math.round(TOTAL * part));
const WAYS = [
  { name: 'console', count: flags['no-browser'] ? 0 : share(0.03), sealedBy: 'the browser' },
  { name: 'CLI', count: share(0.03), sealedBy: 'the CLI' },
  { name: 'import', count: share(0.64), sealedBy: 'the CLI' },
  { name: 'overrides', count: share(0.05), sealedBy: 'the CLI' },
  { name: 'plain gRPC', count: share(0.25), sealedBy: 'the management server' },
].map((way) => ({ ...way, mark: newMark() }));
const byName = Object.fromEntries(WAYS.map((way) => [way.name, way]));
const valuesOf = (way) =>
  Array.from({ length: way.count }, (_, index) => [
    `${way.name.replace(/\W/g, '_').toUpperCase()}_${index}`,
    newValue(way.mark),
  ]);

const folder = mkdtempSync(join(tmpdir(), 'axiom-prove-'));
const dataDir = join(folder, 'data');
const answers = [];
const service = await startService();
try {
  process.exitCode = (await prove()) ? 0 : 1;
} finally {
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function prove() {
  const skipped = await putValuesIn();
  await readEverythingBack();
  const backup = join(folder, 'backup.sqlite');
  await axiom(['backup', backup]);

  const rows = [
    {
      place: 'management server: memory',
      chunks: () => memoryOf(service.info.management.pid),
      mustBe: 'none',
    },
    {
      place: 'database, its log and the data folder',
      chunks: () => filesBelow(dataDir),
      mustBe: 'none of any',
    },
    { place: 'backup', chunks: () => [readFileSync(backup)], mustBe: 'none of any' },
    { place: 'every answer', chunks: () => answers, mustBe: 'none of any' },
    { place: 'every log', chunks: () => [Buffer.from(service.log())], mustBe: 'none of any' },
  ];
  for (const row of rows) row.found = await countMarks(row.chunks());
  rows.push({
    place: 'execution server: memory while it resolves',
    mustBe: 'found',
    found: await whileItResolves(),
  });
  await sleep(AFTER_SECONDS * 1_000);
  rows.push({
    place: `execution server: memory ${AFTER_SECONDS} s after`,
    mustBe: 'anything',
    found: await countMarks(memoryOf(service.info.execution.pid)),
  });
  return report(rows, skipped);
}

/** @returns why a way was left out, by its name. */
async function putValuesIn() {
  const skipped = {};
  const { CLI, import: imported, overrides, console: inBrowser } = byName;
  for (const [name, value] of valuesOf(CLI)) await axiom(['secrets', 'add', name], value);
  await axiom(
    ['secrets', 'import', '-', '--format', 'json'],
    JSON.stringify(Object.fromEntries(valuesOf(imported))),
  );
  await axiom(['configs', 'create', FLOW]);
  for (const [name, value] of valuesOf(overrides))
    await axiom(['configs', 'override', `${FLOW}/default`, name], value);
  await addByPlainGrpc(valuesOf(byName['plain gRPC']));
  if (inBrowser.count > 0) {
    const apiKey = readFileSync(service.info.adminApiKeyFile, 'utf8').trim();
    const saving = await saveInBrowser(service.info.console.address, apiKey, valuesOf(inBrowser));
    answers.push(...saving.answers);
    if (saving.missing !== undefined) {
      skipped.console = saving.missing;
      inBrowser.count = 0;
    }
  } else skipped.console = 'left out by --no-browser';
  return skipped;
}

async function addByPlainGrpc(entries) {
  const { openChannel, wireClient } = dist('wire/client.js');
  const { SecretsService } = dist('gen/axiom/secrets/v1/secrets_pb.js');
  const channel = openChannel({
    address: service.info.management.address,
    tls: { ca: readFileSync(service.info.caCertificate) },
  });
  const apiKey = readFileSync(service.info.adminApiKeyFile, 'utf8').trim();
  const secrets = wireClient(SecretsService, channel);
  for (const [name, value] of entries) {
    const content = { case: 'value', value: Buffer.from(value) };
    const options = { metadata: { authorization: `Bearer ${apiKey}` }, deadline: Date.now() + 30_000 };
    answers.push(Buffer.from(printed(await secrets.addSecret({ name, content }, options))));
  }
  channel.close();
}

async function readEverythingBack() {
  for (const args of [
    ['secrets', 'list'],
    ['secrets', 'usage'],
    ['configs', 'list'],
    ['configs', 'show', `${FLOW}/default`],
    ['audit'],
    ['verify'],
  ])
    await axiom([...args, '--json']);
}

/** Resolves over and over, and looks at the execution server's memory meanwhile. */
async function whileItResolves() {
  const { openChannel, wireClient } = dist('wire/client.js');
  const { ExecutionsService } = dist('gen/axiom/executions/v1/executions_pb.js');
  const { SecretsService } = dist('gen/axiom/secrets/v1/secrets_pb.js');
  const { workloads } = dist('server/data-dir.js').dataDirAt(dataDir);
  const open = (name) =>
    openChannel({
      address: service.info.execution.address,
      tls: {
        ca: readFileSync(service.info.caCertificate),
        cert: readFileSync(workloads.pair(name).certificate),
        key: readFileSync(workloads.pair(name).key),
      },
    });
  const [engine, sidecar] = [open('engine'), open('sidecar')];
  const start = { tenantId: 'default', flowId: FLOW };
  const { executionToken } = await wireClient(ExecutionsService, engine).startExecution(start);
  const client = wireClient(SecretsService, sidecar);
  let done = false;
  const resolving = (async () => {
    while (!done) await client.resolveForExecution({ executionToken });
  })();
  let found = {};
  try {
    for (
      let attempt = 0;
      attempt < 20 && !WAYS.every(({ name, count }) => count === 0 || found[name] > 0);
      attempt++
    )
      found = await countMarks(memoryOf(service.info.execution.pid));
    return found;
  } finally {
    done = true;
    await resolving;
    engine.close();
    sidecar.close();
  }
}

/** @returns by way, how often its mark is in the chunks, in any form. */
async function countMarks(chunks) {
  const found = Object.fromEntries(WAYS.map(({ name }) => [name, 0]));
  for (const chunk of chunks) {
    // The executions that go on meanwhile have their turn.
    await sleep(0);
    for (const { name, mark } of WAYS) {
      for (const { needle } of formsOf(mark)) {
        for (let at = chunk.indexOf(needle); at >= 0; at = chunk.indexOf(needle, at + 1)) found[name]++;
      }
    }
  }
  return found;
}

/** @returns whether everything is as it must be. */
function report(rows, skipped) {
  const wrong = rows.flatMap(({ place, mustBe, found }) =>
    WAYS.filter(({ name, count, sealedBy }) => {
      if (count === 0 || mustBe === 'anything') return false;
      if (mustBe === 'found') return found[name] === 0;
      return found[name] > 0 && (mustBe === 'none of any' || sealedBy !== 'the management server');
    }).map(({ name }) => `${place}: ${name}`),
  );
  if (flags.json) {
    const ways = WAYS.map(({ name, count, sealedBy }) => ({ name, count, sealedBy }));
    const table = rows.map(({ place, mustBe, found }) => ({ place, mustBe, found }));
    console.log(JSON.stringify({ ways, table, skipped, wrong }));
  } else print(rows, skipped, wrong);
  return wrong.length === 0;
}

function print(rows, skipped, wrong) {
  const ways = WAYS.filter(({ count }) => count > 0);
  const lines = [
    ['found in', ...ways.map(({ name }) => name)],
    ['values put in', ...ways.map(({ count }) => String(count))],
    ['sealed by', ...ways.map(({ sealedBy }) => sealedBy.replace('the ', ''))],
    ...rows.map(({ place, found }) => [place, ...ways.map(({ name }) => String(found[name]))]),
  ];
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  for (const line of lines)
    console.log(
      line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '),
    );
  for (const [name, why] of Object.entries(skipped)) console.log(`\n${name}: skipped, ${why}`);
  console.log(
    wrong.length === 0
      ? '\nWhat clients sealed is nowhere but where executions resolve. What plain gRPC sent, the management server had.'
      : `\nnot as it must be:\n  ${wrong.join('\n  ')}`,
  );
}

async function startService() {
  const args = serveCommand(dataDir, 'trace');
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk) => (log += chunk));
  const exit = new Promise((resolve) => child.once('exit', resolve));
  const line = await Promise.race([
    new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve)),
    exit.then((code) => Promise.reject(new Error(`axiom serve ended with exit code ${code}: ${log}`))),
  ]);
  return {
    info: JSON.parse(line),
    log: () => log,
    async stop() {
      child.kill('SIGTERM');
      await exit;
    },
  };
}

/** Runs a command with a value on its stdin, and keeps what it printed. */
async function axiom(args, input = '') {
  const child = spawn(process.execPath, [join(root, 'dist/cli/main.js'), ...args, '--data-dir', dataDir], {
    stdio: 'pipe',
  });
  child.stdin.end(input);
  const output = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  const printed = Buffer.concat(output);
  answers.push(printed);
  if (code !== 0) throw new Error(`axiom ${args.join(' ')} ended with exit code ${code}: ${printed}`);
}

function printed(message) {
  return JSON.stringify(message, (_, field) => (typeof field === 'bigint' ? String(field) : field));
}
