// The generated mock obeys the conformance vectors: vectors.txt, which the driver writes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestContext } from '../gen/axiomTestContext';
import { ProbeRequest } from '../gen/messages_pb';
import { probe } from './probe';

const text = (hexed: string | undefined): string => Buffer.from(hexed ?? '', 'hex').toString('utf8');
const hex = (value: string | Uint8Array): string => Buffer.from(value as Uint8Array).toString('hex');

const byVector = new Map<string, string[][]>();
for (const line of readFileSync(join(__dirname, '..', 'vectors.txt'), 'ascii')
  .split('\n')
  .filter(Boolean)) {
  const [vector = '', ...record] = line.split('\t');
  byVector.set(vector, [...(byVector.get(vector) ?? []), record]);
}

describe('the mock obeys', () => {
  it.each([...byVector])('%s', async (_, records) => {
    const of = (kind: string): string[][] => records.filter((r) => r[0] === kind).map((r) => r.slice(1));
    const ax = createTestContext({
      secretsMap: Object.fromEntries(of('secret').map(([name, value]) => [text(name), text(value)])),
      revokedNames: of('revoked').map(([name]) => text(name)),
    });
    const request = new ProbeRequest();
    request.setNamesList(of('read').map(([name]) => text(name)));
    const readings = (await probe(ax, request)).getReadingsList();
    const seen = readings.map((r) => [hex(r.getName()), r.getStatus(), hex(r.getValue_asU8())]);
    expect(seen).toEqual(of('read'));
    expect(readings.map((r) => r.getFound())).toEqual(of('read').map(([, status]) => status === 'available'));
  });
});
