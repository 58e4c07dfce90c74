// What we seal other languages' Tink opens, and the other way round: always with the stored vectors,
// and live where the language's toolchain is.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { allOpen, makeOurs, openWithOurs } from './vectors';
import type { Opened, Vectors } from './vectors';
import { describeWith } from '../support/needs';
import { buildGo, pythonWithTink, runProgram, SET_UP_MS } from './tink-languages';

const DATA = join(__dirname, '../testdata/crypto');

const folder = mkdtempSync(join(tmpdir(), 'axiom-interop-'));
afterAll(() => rmSync(folder, { recursive: true }));

const stored = (file: string) => JSON.parse(readFileSync(join(DATA, file), 'utf8')) as Vectors;

describe('stored vectors', () => {
  // Ours are never made again: what version 1 sealed must open for ever.
  it.each(['tink-python.json', 'tink-go.json', 'axiom.json'])('of %s open', async (file) => {
    const vectors = stored(file);
    expect(await openWithOurs(vectors)).toEqual(allOpen(vectors));
  });
});

/** The rows of signed-rows.json, which Tink for Python signed. */
function signedRows(): Vectors['signature'] {
  const { publicKeyset, privateKeyset, signed } = JSON.parse(
    readFileSync(join(DATA, 'signed-rows.json'), 'utf8'),
  ) as {
    readonly publicKeyset: string;
    readonly privateKeyset: string;
    readonly signed: readonly {
      readonly table: string;
      readonly statement: string;
      readonly signature: string;
    }[];
  };
  return signed.map(({ table: note, statement: message, signature }) => ({
    ...{ note, publicKeyset, privateKeyset, message, signature },
  }));
}

/** Runs the language's vector program with `make` or `open`. */
type Run = (command: 'make' | 'open', input?: string) => string;

function python(): Run {
  const env = pythonWithTink();
  const script = join(DATA, 'make_vectors.py');
  return (command, input = '') => runProgram('python3', [script, command], { env, input });
}

function go(): Run {
  const program = buildGo(join(DATA, 'go'), join(folder, 'vectors-go'));
  return (command, input = '') => runProgram(program, [command], { input });
}

for (const [language, make] of [
  ['python', python],
  ['go', go],
] as const) {
  describeWith(language, `Tink for ${language}`, () => {
    it(
      'opens what we sealed, and we open what it sealed',
      async () => {
        const tink = make();
        const theirs = JSON.parse(tink('make')) as Vectors;
        expect(await openWithOurs(theirs)).toEqual(allOpen(theirs));
        const ours = await makeOurs();
        const asked = { ...ours, signature: [...ours.signature, ...signedRows()] };
        expect(JSON.parse(tink('open', JSON.stringify(asked))) as Opened).toEqual(allOpen(asked));
      },
      SET_UP_MS,
    );
  });
}
