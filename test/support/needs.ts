/**
 * What a test needs and a machine may lack: a language's toolchain, a browser.
 *
 * A test that cannot run is skipped, and its reason is printed; where AXIOM_REQUIRE_LANGUAGES (or
 * AXIOM_REQUIRE_BROWSER) says that it must run, it fails with the reason instead.
 */

import { spawnSync } from 'node:child_process';
import { describe, it } from '@jest/globals';
import type { Language } from '../../src/manifest/manifest';

/** Time for a first build or installation, which compiles or fetches the language's gRPC. */
export const BUILD_TIME_MS = 900_000;

/** One command per tool that must run, and how a person calls the tool. */
const TOOLS: Record<Language, readonly { argv: readonly [string, ...string[]]; called: string }[]> = {
  python: [
    {
      argv: [process.env['AXIOM_PYTHON'] || 'python3', '-c', 'import venv, ensurepip'],
      called: 'python3 with its venv module',
    },
  ],
  go: [{ argv: ['go', 'version'], called: 'go' }],
  rust: [{ argv: ['cargo', '--version'], called: 'cargo' }],
  java: [
    { argv: ['javac', '-version'], called: 'javac' },
    { argv: ['mvn', '--version'], called: 'mvn' },
  ],
  csharp: [{ argv: ['dotnet', '--version'], called: 'dotnet' }],
  typescript: [],
};

const found = new Map<Language, string | undefined>();

/** What this machine lacks for a language, as a sentence; undefined when nothing is missing. */
export function missingFor(language: Language): string | undefined {
  if (!found.has(language)) {
    const missing = TOOLS[language].find(
      ({ argv: [program, ...args] }) => spawnSync(program, args).status !== 0,
    );
    found.set(language, missing && `${missing.called} is not on this machine`);
  }
  return found.get(language);
}

/** Whether an absent toolchain of the language is a failure. */
export function isRequired(language: Language): boolean {
  return (process.env['AXIOM_REQUIRE_LANGUAGES'] ?? '').split(',').includes(language);
}

/** `describe`, for a suite that needs a language's toolchain. */
export function describeWith(language: Language, name: string, suite: () => void): void {
  describeIf(missingFor(language), isRequired(language), name, suite);
}

/** `it`, for a test that needs a language's toolchain. */
export function itWith(language: Language, name: string, body: () => Promise<void> | void): void {
  const missing = missingFor(language);
  if (missing === undefined) return void it(name, async () => body(), BUILD_TIME_MS);
  if (isRequired(language)) return void it(name, () => Promise.reject(new Error(missing)));
  process.stderr.write(`skipped: ${name}: ${missing}\n`);
  it.skip(name, () => undefined);
}

/** `describe`, or a skipped one that says what is missing, or a failing one where it must run. */
export function describeIf(
  missing: string | undefined,
  required: boolean,
  name: string,
  suite: () => void,
): void {
  if (missing === undefined) return void describe(name, suite);
  if (required) {
    describe(name, () => {
      it('runs on this machine', () => {
        throw new Error(missing);
      });
    });
    return;
  }
  process.stderr.write(`skipped: ${name}: ${missing}\n`);
  describe.skip(name, suite);
}
