/** Checkpoints, export and pruning of audit logs as an operator and an admin use them, and as other tools read them. */

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import BetterSqlite3 from 'better-sqlite3';
import { startServeProcess, type ServeProcess } from '../support/serve-process';
import { ROOT, Shell } from './axiom';

let serve: ServeProcess;
let shell: Shell;
const axiom = (args: string[], input = '') =>
  shell.run(args, { input, env: { AXIOM_DATA_DIR: serve.info.dataDir } });

const hasPython = spawnSync('python3', ['--version']).status === 0;

/** An independent program: it knows docs/format.md and nothing of ours. */
function verifyWithPython(exported: string, verifierKey: string, checkpoint: string) {
  const program = join(ROOT, 'test', 'testdata', 'audit', 'verify_export.py');
  const { status, stdout, stderr } = spawnSync('python3', [program, verifierKey, checkpoint], {
    input: exported,
    encoding: 'utf8',
  });
  return [status, status === 0 ? stdout : stderr];
}

beforeAll(async () => {
  serve = await startServeProcess();
  shell = new Shell();
  for (const name of ['ONE', 'TWO']) await axiom(['secrets', 'add', name], 'x');
});

afterAll(async () => {
  shell.remove();
  await serve.stop();
});

describe('A checkpoint that an operator keeps', () => {
  it('is a note that other tools check together with an export, and that shows a rewritten log', async () => {
    const kept = shell.path('default.checkpoint');
    writeFileSync(kept, (await axiom(['audit', 'checkpoint', '--tenant', 'default'])).stdout);
    const size = Number(readFileSync(kept, 'utf8').split('\n')[1]);
    const key = (await axiom(['audit', 'checkpoint', '--tenant', 'default', '--verifier-key'])).stdout;
    expect(key).toMatch(/^axiom-[0-9a-f]{16}\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+\n$/);
    const { stdout: exported, stderr } = await axiom(['audit', 'export']);
    expect(stderr).toBe(`${size} events, through event ${size}\n`);
    if (hasPython) {
      expect(verifyWithPython(exported, key, kept)).toEqual([
        0,
        `${size} events, as the checkpoint of event ${size} says\n`,
      ]);
      expect(verifyWithPython(exported.replace('"ONE"', '"TWO"'), key, kept)).toEqual([
        1,
        expect.stringMatching(/^event \d+ was changed\n$/),
      ]);
      const cut = exported.split('\n').slice(0, -2).join('\n');
      expect(verifyWithPython(cut, key, kept)).toEqual([1, `the log ends before event ${size}\n`]);
    }
    const whole = await axiom(['verify', '--checkpoint', kept]);
    expect([whole.code, whole.stdout]).toEqual([
      0,
      expect.stringMatching(new RegExp(`\ndefault since event ${size} +- +- +- +${size} +0\n$`)),
    ]);
    const lines = (await axiom(['verify', '--checkpoint', kept, '--json'])).jsonLines;
    expect(lines).toMatchObject([
      ...[{ tenantId: 'default' }, { serviceLog: true }, { checkpoint: true, size: String(size) }],
    ]);
    const database = new BetterSqlite3(join(serve.info.dataDir, 'store', 'store.sqlite'));
    database.exec(`drop trigger audit_events_refuses_delete;
      delete from audit_events where tenant_id = 'default' and sequence = ${size};
      delete from audit_checkpoints`);
    database.close();
    const found = await axiom(['verify', '--checkpoint', kept]);
    expect(found.code).toBe(1);
    expect(found.stderr).toContain(
      `a signed checkpoint tells of event ${size}, and the audit log ends before it`,
    );
  });

  it('is refused when it is not one', async () => {
    writeFileSync(shell.path('other'), 'not a note\n');
    expect((await axiom(['verify', '--checkpoint', shell.path('other')])).stderr).toContain(
      'is not a checkpoint that this service signed',
    );
  });
});

describe('Pruning', () => {
  it('takes old events out of the service’s own log, and wants one log and a time that has passed', async () => {
    expect((await axiom(['audit', 'prune', '--before', '2026-01-01'])).code).toBe(2);
    expect((await axiom(['audit', 'prune', '--service', '--before', 'yesterday'])).code).toBe(2);
    expect((await axiom(['audit', 'prune', '--service', '--before', '2999-01-01'])).code).toBe(7);
    const none = await axiom(['audit', 'prune', '--service', '--before', '2020-01-01', '--json']);
    expect(none.json).toEqual({ prunedCount: '0', throughSequence: '0', note: '' });
    const now = new Date(Date.now() - 1).toISOString();
    const { json } = await axiom(['audit', 'prune', '--service', '--before', now, '--json']);
    expect(Number(json.prunedCount)).toBeGreaterThan(0);
    const events = (await axiom(['audit', '--service', '--json'])).jsonLines;
    expect(events).toMatchObject([{ action: 'audit.prune', principal: 'operator', source: 'unix' }]);
  });
});

describe('Callers who prove nothing', () => {
  it('are in the service’s own log, counted by address', async () => {
    writeFileSync(shell.path('key'), `axk_${'0'.repeat(64)}`, { mode: 0o600 });
    for (let call = 0; call < 4; call++)
      await axiom(['secrets', 'list', '--api-key-file', shell.path('key')]);
    const events = (await axiom(['audit', '--service', '--action', 'call.unauthenticated', '--json']))
      .jsonLines;
    expect(events).toMatchObject([
      {
        principal: '',
        resource: 'ListSecretNames',
        source: '127.0.0.1',
        count: 1,
        status: 'UNAUTHENTICATED',
      },
    ]);
  });
});
