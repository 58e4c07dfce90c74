// The programs of docs/format.md, exactly as they are printed there, seal with Tink what this service opens.

import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { create, fromJson, toJsonString, type JsonValue } from '@bufbuild/protobuf';
import {
  AddSecretRequestSchema,
  GetPublicKeysetResponseSchema,
} from '../../src/gen/axiom/secrets/v1/secrets_pb';
import { describeWith } from '../support/needs';
import { member, openRooms, type Rooms } from '../support/rooms';
import { buildGo, pythonWithTink, runProgram, SET_UP_MS } from './tink-languages';

const GO_MODULE = join(__dirname, '../testdata/crypto/go');
const folder = mkdtempSync(join(tmpdir(), 'axiom-seal-'));
const admin = member();
let rooms: Rooms;

beforeAll(async () => {
  rooms = await openRooms();
  const keyset = create(GetPublicKeysetResponseSchema, await rooms.secrets.getPublicKeyset(admin));
  writeFileSync(join(folder, 'keyset.json'), toJsonString(GetPublicKeysetResponseSchema, keyset));
  writeFileSync(join(folder, 'verifying-keyset.tink'), keyset.verifyingKeyset);
});
afterAll(async () => {
  await rooms.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The one program in that language. */
function programOf(language: string): string {
  const page = readFileSync(join(__dirname, '../../docs/format.md'), 'utf8');
  const programs = [...page.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))];
  expect(programs).toHaveLength(1);
  return programs[0]?.[1] ?? '';
}

function python(): (name: string, value: string) => string {
  writeFileSync(join(folder, 'seal.py'), programOf('python'));
  const env = pythonWithTink();
  return (name, value) => runProgram('python3', ['seal.py', name], { env, input: value, cwd: folder });
}

function go(): (name: string, value: string) => string {
  const source = join(folder, 'go');
  mkdirSync(source);
  for (const file of ['go.mod', 'go.sum']) copyFileSync(join(GO_MODULE, file), join(source, file));
  writeFileSync(join(source, 'main.go'), programOf('go'));
  const program = buildGo(source, join(folder, 'seal'));
  return (name, value) => runProgram(program, [name], { input: value, cwd: folder });
}

/** One in each band of lengths that padding tells apart at its edges. */
const VALUES = ['v', 'x'.repeat(63), 'x'.repeat(64), 'wört 🔑\n', 'x'.repeat(5_000), 'x'.repeat(65_536)];

for (const [language, make] of [
  ['python', python],
  ['go', go],
] as const) {
  describeWith(language, `The ${language} program of docs/format.md`, () => {
    it(
      'seals values that an execution reads',
      async () => {
        const seal = make();
        for (const [index, value] of VALUES.entries()) {
          const name = `${language}_${index}`;
          const request = fromJson(AddSecretRequestSchema, JSON.parse(seal(name, value)) as JsonValue);
          await rooms.secrets.addSecret(admin, request);
        }
        const stored = await rooms.values((await rooms.start({})).executionToken);
        expect(VALUES.map((_, index) => stored[`${language}_${index}`])).toEqual(VALUES);
      },
      SET_UP_MS,
    );

    it('seals nothing to a keyset that another signed', async () => {
      await rooms.addTenant(`other-${language}`);
      const path = join(folder, 'keyset.json');
      const own = readFileSync(path);
      const other = await rooms.secrets.getPublicKeyset(member(`other-${language}`));
      const swapped = create(GetPublicKeysetResponseSchema, { ...other, tenantId: 'acme' });
      writeFileSync(path, toJsonString(GetPublicKeysetResponseSchema, swapped));
      const program = language === 'python' ? 'python3' : join(folder, 'seal');
      const args = language === 'python' ? ['seal.py', 'X'] : ['X'];
      const env = language === 'python' ? pythonWithTink() : {};
      expect(() => runProgram(program, args, { env, input: 'x', cwd: folder })).toThrow(/[Vv]erif|signature/);
      writeFileSync(path, own);
    });
  });
}
