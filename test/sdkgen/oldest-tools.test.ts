/** What each language needs, as examples/README.md lists it, is what `axiom run` asks for, and which Python it tries. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { OLDEST_SDK } from '../../src/sdkgen/csharp/dotnet';
import { GO_VERSION } from '../../src/sdkgen/go/toolchain';
import { OLDEST_JDK } from '../../src/sdkgen/java/toolchain';
import { interpreters, OLDEST_MINOR } from '../../src/sdkgen/python/interpreters';
import { RUST_VERSION } from '../../src/sdkgen/rust/toolchain';

const PAGE = readFileSync(join(__dirname, '..', '..', 'examples', 'README.md'), 'utf8');

it.each([
  ['greeter-python', `Python 3.${OLDEST_MINOR} or newer with venv`],
  ['greeter-go', `Go ${GO_VERSION} or newer`],
  ['greeter-rust', `Rust ${RUST_VERSION.major}.${RUST_VERSION.minor} or newer`],
  ['greeter-java', `JDK ${OLDEST_JDK} or newer, Maven 3.8 or newer`],
  ['greeter-csharp', `.NET SDK ${OLDEST_SDK} or newer`],
])('%s needs %s', (folder, needs) => {
  const row = PAGE.split('\n').find((line) => line.startsWith(`| [${folder}]`));
  expect(row?.split('|').at(-2)?.trim()).toBe(needs);
});

it('AXIOM_PYTHON names the only Python that is tried', async () => {
  const before = process.env['AXIOM_PYTHON'];
  process.env['AXIOM_PYTHON'] = '/nowhere/python3';
  try {
    expect(await interpreters()).toEqual([]);
  } finally {
    if (before === undefined) delete process.env['AXIOM_PYTHON'];
    else process.env['AXIOM_PYTHON'] = before;
  }
});
