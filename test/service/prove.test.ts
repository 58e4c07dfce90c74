/** `npm run prove` with few values: what clients sealed is nowhere, and what is there is found. */

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';

interface Proof {
  readonly ways: readonly { readonly name: string; readonly count: number; readonly sealedBy: string }[];
  readonly table: readonly { readonly place: string; readonly found: Readonly<Record<string, number>> }[];
  readonly wrong: readonly string[];
}

const SEALED_BY_CLIENTS = ['CLI', 'import', 'overrides'];
const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

describeOnLinux('A value that its client sealed', () => {
  let proof: Proof;
  const found = (place: string) => {
    const row = proof.table.find((one) => one.place.startsWith(place));
    return SEALED_BY_CLIENTS.map((way) => row?.found[way]);
  };

  beforeAll(() => {
    const script = join(__dirname, '..', '..', 'scripts', 'prove.mjs');
    const args = [script, '--values', '40', '--no-browser', '--after', '1', '--json'];
    proof = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Proof;
  }, 300_000);

  it('went in by every way', () => {
    expect(proof.ways.filter(({ count }) => count > 0).map(({ name }) => name)).toEqual([
      ...SEALED_BY_CLIENTS,
      'plain gRPC',
    ]);
  });

  it('is not in the management server’s memory', () => {
    expect(found('management server: memory')).toEqual([0, 0, 0]);
  });

  it.each(['database', 'backup', 'every answer', 'every log'])('is not in: %s', (place) => {
    expect(found(place)).toEqual([0, 0, 0]);
  });

  it('is found where it is: in the execution server’s memory while it resolves', () => {
    for (const times of found('execution server: memory while it resolves')) expect(times).toBeGreaterThan(0);
  });

  it('and nothing else is as it must not be', () => expect(proof.wrong).toEqual([]));
});
