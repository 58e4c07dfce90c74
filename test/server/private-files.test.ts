/**
 * The one check of every file that holds a secret, over every case: whose it is, who else may open it, and how an
 * orchestrator mounts it. Asked by a process of an ordinary user, which only root can start for itself.
 */

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeIf } from '../support/needs';

const CHECK = join(__dirname, '..', '..', 'dist', 'files', 'private-file.js');
/** Numbers that no account has. */
const [ME, MY_GROUP, VOLUME_GROUP, SOMEBODY, OTHER_GROUP] = [61_001, 61_001, 61_500, 61_002, 61_002];

interface Case {
  readonly what: string;
  readonly owner: number;
  readonly group: number;
  readonly mode: number;
  /** Why it is refused; undefined: it is read. */
  readonly refused?: string;
}

const CASES: readonly Case[] = [
  { what: 'mine, mode 0600', owner: ME, group: MY_GROUP, mode: 0o600 },
  { what: 'mine, mode 0400', owner: ME, group: MY_GROUP, mode: 0o400 },
  { what: 'mine, with the execute bit', owner: ME, group: MY_GROUP, mode: 0o700 },
  { what: 'mine, readable by my group', owner: ME, group: MY_GROUP, mode: 0o640, refused: 'MODE' },
  {
    what: 'mine, readable by a volume’s group',
    owner: ME,
    group: VOLUME_GROUP,
    mode: 0o440,
    refused: 'MODE',
  },
  { what: 'mine, readable by everybody', owner: ME, group: MY_GROUP, mode: 0o604, refused: 'MODE' },
  { what: 'mine, writable by everybody', owner: ME, group: MY_GROUP, mode: 0o602, refused: 'MODE' },
  { what: 'root’s, mounted for the volume’s group (fsGroup)', owner: 0, group: VOLUME_GROUP, mode: 0o440 },
  { what: 'root’s, mounted for my group', owner: 0, group: MY_GROUP, mode: 0o640 },
  { what: 'root’s, writable by my group', owner: 0, group: MY_GROUP, mode: 0o660, refused: 'MODE' },
  { what: 'root’s, with the group’s execute bit', owner: 0, group: MY_GROUP, mode: 0o650, refused: 'MODE' },
  {
    what: 'root’s, mounted readable by everybody',
    owner: 0,
    group: VOLUME_GROUP,
    mode: 0o444,
    refused: 'MODE',
  },
  {
    what: 'root’s, for a group that is not mine',
    owner: 0,
    group: OTHER_GROUP,
    mode: 0o440,
    refused: 'EACCES',
  },
  { what: 'somebody’s, mode 0600', owner: SOMEBODY, group: OTHER_GROUP, mode: 0o600, refused: 'EACCES' },
  {
    what: 'somebody’s, readable by my group',
    owner: SOMEBODY,
    group: MY_GROUP,
    mode: 0o640,
    refused: 'OWNER',
  },
  {
    what: 'somebody’s, readable by everybody',
    owner: SOMEBODY,
    group: OTHER_GROUP,
    mode: 0o644,
    refused: 'OWNER',
  },
];

/** Ways to the same file. */
const WAYS = ['file', 'link', 'hard-link'] as const;

/** As what cannot be a file of a key at all. */
const NO_FILES = ['folder', 'fifo', 'too-large', 'dangling-link', 'missing'] as const;

const SCRIPT = `
  const { readPrivateFile } = require(process.argv[1]);
  process.setgroups([${VOLUME_GROUP}]);
  process.setgid(${MY_GROUP});
  process.setuid(${ME});
  const answers = process.argv.slice(2).map((path) => {
    try {
      return readPrivateFile(path).toString();
    } catch (error) {
      return error.reason ?? error.code;
    }
  });
  console.log(JSON.stringify(answers));
`;

const missing = process.getuid?.() === 0 ? undefined : 'only root gives files to other users';
const required = process.env['AXIOM_REQUIRE_USERS'] === '1';

describeIf(missing, required, 'A file that holds a secret, to an ordinary user’s process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'axiom-private-'));
  const pathOf = (index: number, way: string) => join(folder, 'volume', 'private', `${index}-${way}`);
  const oddPath = (what: string) => join(folder, what);
  const answers = new Map<string, string>();

  beforeAll(() => {
    chmodSync(folder, 0o755);
    // As a volume's root under fsGroup, with a folder of ours below it.
    mkdirSync(join(folder, 'volume', 'private'), { recursive: true });
    chownSync(join(folder, 'volume'), 0, VOLUME_GROUP);
    chmodSync(join(folder, 'volume'), 0o2775);
    chownSync(dirname(pathOf(0, 'file')), ME, MY_GROUP);
    for (const [index, { owner, group, mode }] of CASES.entries()) {
      const file = pathOf(index, 'file');
      writeFileSync(file, 'secret');
      chownSync(file, owner, group);
      chmodSync(file, mode);
      symlinkSync(file, pathOf(index, 'link'));
      linkSync(file, pathOf(index, 'hard-link'));
    }
    mkdirSync(oddPath('folder'), { mode: 0o700 });
    spawnSync('mkfifo', ['-m', '600', oddPath('fifo')]);
    writeFileSync(oddPath('too-large'), Buffer.alloc(256 * 1024 + 1), { mode: 0o600 });
    for (const what of ['folder', 'fifo', 'too-large']) chownSync(oddPath(what), ME, MY_GROUP);
    symlinkSync(oddPath('missing'), oddPath('dangling-link'));
    const paths = [...CASES.keys()].flatMap((index) => WAYS.map((way) => pathOf(index, way)));
    paths.push(...NO_FILES.map(oddPath));
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', SCRIPT, CHECK, ...paths], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect(stderr).toBe('');
    (JSON.parse(stdout) as string[]).forEach((answer, at) => answers.set(paths[at] as string, answer));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(
    CASES.map((one, index) => ({
      ...one,
      index,
      does: one.refused === undefined ? 'is read' : 'is refused',
    })),
  )('$what: $does, by each way to it', ({ index, refused }) => {
    const expected =
      refused === undefined ? 'secret' : refused === 'EACCES' ? refused : `PRIVATE_FILE_${refused}`;
    expect(WAYS.map((way) => answers.get(pathOf(index, way)))).toEqual(WAYS.map(() => expected));
  });

  it('is a file: no folder, pipe, nothing larger than any key, and nothing that is not there', () => {
    expect(NO_FILES.map((what) => answers.get(oddPath(what)))).toEqual([
      'PRIVATE_FILE_MALFORMED',
      'PRIVATE_FILE_MALFORMED',
      'PRIVATE_FILE_MALFORMED',
      'ENOENT',
      'ENOENT',
    ]);
  });
});
