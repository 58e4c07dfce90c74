/** What is said of a tool that takes long, hangs or fails. */

import { describe, expect, it } from '@jest/globals';
import { explained, runForBytes, runTool, ToolFailure } from '../../src/sdkgen/run-tool';
import { DomainError } from '../../src/domain/errors';

const node = (script: string) => ({ argv: [process.execPath, '-e', script] as const, cwd: '.' });
const RUN = { tool: 'maven', purpose: 'building the Java package', report: () => undefined } as const;

describe('A tool', () => {
  it('that takes long is told of again and again, and of one that has ended nothing', async () => {
    const told: string[] = [];
    const run = { ...RUN, report: (line: string) => void told.push(line) };
    expect(
      await runTool(node('setTimeout(() => console.log("done"), 700)'), run, { limit: 60_000, tell: 50 }),
    ).toBe('done\n');
    expect(told[0]).toMatch(/^building the Java package: still running after \d+ s$/);
    const count = told.length;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(told).toHaveLength(count);
  });

  it('that hangs is stopped at its limit, and what it printed by then is not taken for the reason', async () => {
    const hangs = { argv: ['sh', '-c', 'echo downloading; exec sleep 600'] as const, cwd: '.' };
    const failure = runTool(hangs, RUN, { limit: 3_000, tell: 60_000 });
    const other = () => new DomainError('FAILED_PRECONDITION', 'it does not compile', 'BUILD_FAILED');
    await expect(failure.catch(explained(other))).rejects.toThrow(
      'building the Java package did not end within 0.05 minutes and was stopped:\ndownloading',
    );
  });

  it('that fails shows its last lines, or what its caller makes of them; one that is not there says so', async () => {
    const fails = () => runTool(node('console.log("a"); console.error("b"); process.exit(3)'), RUN);
    await expect(fails()).rejects.toThrow('building the Java package failed:\na\nb');
    const other = (said: string) => new DomainError('INVALID_ARGUMENT', `found: ${said}`, 'PROTO_INVALID');
    await expect(fails().catch(explained(other))).rejects.toThrow('found: a\nb');
    const missing = runTool({ argv: ['no-such-tool'], cwd: '.' }, RUN);
    await expect(missing).rejects.toThrow(ToolFailure);
    await expect(missing).rejects.toThrow('ENOENT');
  });

  it('is given what it reads, byte for byte, and answers in bytes', async () => {
    const echo = node('process.stdin.pipe(process.stdout)');
    const bytes = Uint8Array.of(0, 255, 10, 128);
    expect(Uint8Array.from(await runForBytes(echo, { ...RUN, stdin: bytes }))).toEqual(bytes);
  });
});
