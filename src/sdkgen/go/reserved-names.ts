/** Go's words, and the file names that its compiler leaves out. */

import type { DescFile } from '@bufbuild/protobuf';
import { posix } from 'node:path';
import { snakeCase } from '../naming';
import { goTypeName } from './type-names';
import { NONE, words, typesOf, type MadeName, type ReservedNames } from '../reserved-words';

/** The specification's keywords: no package can be called so. */
export const GO_KEYWORDS = words(`
  break case chan const continue default defer else fallthrough for func go goto if import interface map package range
  return select struct switch type var`);

/** `knownOS` and `knownArch` of go/build (internal/syslist), past and present. */
const SYSTEMS = words(`
  aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos`);
const ARCHITECTURES = words(`
  386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 ppc64le
  riscv riscv64 s390 s390x sparc sparc64 wasm`);

/** What Go builds a file for, by its name; go/build's rule. */
export type BuiltFor =
  | { readonly kind: 'all' }
  | { readonly kind: 'tests' }
  | { readonly kind: 'some'; readonly system?: string; readonly architecture?: string };

/** By a file's name without extension: what follows the first underscore decides. */
export function builtFor(stem: string): BuiltFor {
  const parts = stem.split('_').slice(1);
  const last = parts.at(-1) ?? '';
  const before = parts.at(-2) ?? '';
  if (last === 'test') return { kind: 'tests' };
  if (ARCHITECTURES.has(last)) {
    return { kind: 'some', architecture: last, ...(SYSTEMS.has(before) && { system: before }) };
  }
  return SYSTEMS.has(last) ? { kind: 'some', system: last } : { kind: 'all' };
}

/** Node's names of systems and processors that Go calls otherwise. */
const GO_CALLS_IT: Readonly<Record<string, string>> = {
  win32: 'windows',
  sunos: 'solaris',
  x64: 'amd64',
  ia32: '386',
};

/** Whether a build on this machine has the file: a node called ResolveLinux may be in resolve_linux.go on Linux. */
export function isBuiltHere(stem: string): boolean {
  const built = builtFor(stem);
  if (built.kind !== 'some') return built.kind === 'all';
  const system = process.env['GOOS'] || (GO_CALLS_IT[process.platform] ?? process.platform);
  const architecture = process.env['GOARCH'] || (GO_CALLS_IT[process.arch] ?? process.arch);
  return (built.system ?? system) === system && (built.architecture ?? architecture) === architecture;
}

/** One Go package has the types and the enums' values of all messages/*.proto, nested ones by their parent's name. */
function* madeNames(file: DescFile): Generator<MadeName> {
  const scope = file.name.startsWith('imports/') ? posix.dirname(file.name) : 'gen';
  for (const type of typesOf(file)) {
    yield { scope, name: goTypeName(type), of: type };
    if (type.kind !== 'enum') continue;
    const prefix = goTypeName(type.parent ?? type);
    for (const value of type.values) yield { scope, name: `${prefix}_${value.name}`, of: value };
  }
}

export const GO_NAMES: ReservedNames = {
  /** RunTest belongs into run_test_node.go: run_test.go is a test's. */
  handler(node) {
    const stem = snakeCase(node);
    return { file: builtFor(stem).kind === 'all' ? stem : `${stem}_node`, function: node };
  },
  refusesFile: (stem) => !isBuiltHere(stem),
  // protoc-gen-go makes every name an exported one, and no keyword begins with a capital.
  refusedTypes: NONE,
  refusedValues: NONE,
  madeNames,
};
