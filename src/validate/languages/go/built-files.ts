/** Which files Go builds, by their names, and what is said of a handler in one that it leaves out. */

import { wordSet } from '../common/word-set';

/** `knownOS` and `knownArch` of go/build (internal/syslist), past and present. */
const SYSTEMS = wordSet(`
  aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos`);
const ARCHITECTURES = wordSet(`
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

/** What is said of a handler there: `nodes/run_test.go holds func RunTest, and Go builds …; rename the file, for instance to nodes/run_test_node.go`. */
export function leftOut(node: string, path: string): string {
  const stem = path.slice(path.lastIndexOf('/') + 1, -'.go'.length);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return (
    `${path} holds func ${node}, and ${builds(stem)}; ` +
    `rename the file, for instance to ${folder}${stem}_node.go`
  );
}

function builds(stem: string): string {
  const built = builtFor(stem);
  if (built.kind !== 'some') return 'Go builds a file whose name ends in _test only for tests';
  const { system, architecture } = built;
  const ending = [system, architecture].filter((part) => part !== undefined);
  return `Go builds a file whose name ends in _${ending.join('_')} only for ${ending.join(' on ')}`;
}
