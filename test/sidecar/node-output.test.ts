import { PassThrough, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as after } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { ValueMasker } from '../../src/sidecar/masking/value-masker';
import { NodeOutput } from '../../src/sidecar/node-output';

// The global one: a mock of an imported `jest` would not be in place before the masker is.
declare const jest: (typeof import('@jest/globals'))['jest'];
// A filter that is seeded by chance takes one character too many about once in a hundred edges.
jest.mock('../../src/sidecar/masking/seed', () => ({ FILTER_SEED: 0x5eed, TABLE_MULTIPLIER: 0x9e3779b1 }));

const SHORT = 'hunter2-x';
const LONG = Array.from({ length: 200 }, (_, i) => `k${i.toString(36)}`).join('');

class Screen extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** What is shown of what a host writes, each piece by itself and then the end. */
async function shown(writes: readonly string[], ...values: string[]): Promise<string> {
  const output = new NodeOutput();
  for (const value of values) {
    const masker = ValueMasker.of([Buffer.from(value)]);
    output.remember({ masker: () => masker, use: () => () => undefined });
  }
  const [from, to] = [new PassThrough(), new Screen()];
  output.copy(from, to);
  // No turn of the event loop lies between them: on a busy machine it would be longer than the host may be quiet.
  for (const text of writes) from.write(text);
  from.end();
  await finished(from);
  output.close();
  return to.text;
}

/** So that what fails can be read. */
const short = (text: string): string => text.replace(/\.{100,}/g, (dots) => `<${dots.length} dots>`);

describe('what a node host prints is shown with values masked', () => {
  it('whatever writes a value is cut into', async () => {
    for (let cut = 1; cut < SHORT.length; cut++)
      expect(await shown([`token=${SHORT.slice(0, cut)}`, `${SHORT.slice(cut)}!\n`], SHORT)).toBe(
        'token=[REDACTED]!\n',
      );
  });

  it('and its last line ends, so that a failure or an answer that follows has a line of its own', async () => {
    expect(await shown([`partial ${SHORT}`], SHORT)).toBe('partial [REDACTED]\n');
    expect(await shown(['whole\n'], SHORT)).toBe('whole\n');
    expect(await shown([], SHORT)).toBe('');
  });

  it('of several executions, each value once', async () => {
    expect(await shown([`${SHORT} and other-pass\n`], SHORT, 'other-pass')).toBe(
      '[REDACTED] and [REDACTED]\n',
    );
  });

  it('where a value is written over several lines', async () => {
    const lines = Array.from(Buffer.from(SHORT), (byte) => `    ${byte},\n`);
    expect(await shown(['[\n', ...lines, ']\n'], SHORT)).toBe('[\n    [REDACTED],\n]\n');
  });

  it('where a line is so long that it is handed on in parts, whatever part a value begins in', async () => {
    for (const part of [32_768, 65_536])
      for (let before = part - SHORT.length; before <= part; before++) {
        const line = await shown([`${'.'.repeat(before)}${SHORT}${'.'.repeat(40_000)}\n`], SHORT);
        expect(short(line)).toBe(`<${before} dots>[REDACTED]<40000 dots>\n`);
      }
  });

  it('where a value goes on after what is looked at with a part', async () => {
    const long = LONG.repeat(5);
    const line = await shown([`${'.'.repeat(32_700)} ${long} ${'.'.repeat(40_000)}\n`], long);
    expect(short(line)).toBe('<32700 dots> [REDACTED] <40000 dots>\n');
  });

  it('and keeps every character that a border goes through', async () => {
    const text = `${'é😀'.repeat(20_000)}\n`;
    for (const before of ['', '.', '..', '...'])
      expect((await shown([before + text], SHORT)) === before + text).toBe(true);
  });

  it('line by line while it runs, not only when it has ended', async () => {
    const output = new NodeOutput();
    const [from, to] = [new PassThrough(), new Screen()];
    output.copy(from, to);
    from.write('ready\nand the rest');
    while (to.text === '') await after(5);
    expect(to.text).toBe('ready\n');
    output.close();
    expect(to.text).toBe('ready\nand the rest\n');
  });
});
