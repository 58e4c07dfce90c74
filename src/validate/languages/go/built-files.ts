/** Which files Go builds, by their names and build lines, and what is said of a handler in one that it leaves out. */

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

interface Target {
  readonly system: string;
  readonly architecture: string;
}

/** What a build on this machine is for. */
const here = (): Target => ({
  system: process.env['GOOS'] || (GO_CALLS_IT[process.platform] ?? process.platform),
  architecture: process.env['GOARCH'] || (GO_CALLS_IT[process.arch] ?? process.arch),
});

/** Published packages run in containers. */
const CONTAINERS: readonly Target[] = ['amd64', 'arm64'].map((architecture) => ({
  system: 'linux',
  architecture,
}));

/** Whether a build on this machine has the file: a node called ResolveLinux may be in resolve_linux.go on Linux. */
export const isBuiltHere = (stem: string, text = ''): boolean => isBuiltFor(here(), stem, text);

/** Whether a published package has the file, which is no test's. */
export const isPublished = (stem: string, text: string): boolean =>
  CONTAINERS.some((target) => isBuiltFor(target, stem, text));

function isBuiltFor(target: Target, stem: string, text: string): boolean {
  const built = builtFor(stem);
  if (built.kind === 'tests') return false;
  const { system = target.system, architecture = target.architecture } = built.kind === 'some' ? built : {};
  return system === target.system && architecture === target.architecture && fitsLine(target, text);
}

/** `//go:build linux && !cgo`, which is before the package clause. */
const BUILD_LINE = /^(?:\s*(?:\/\/[^\n]*|\/\*[\s\S]*?\*\/)?\n)*?\/\/go:build[ \t]+([^\n]{1,400})/;
const UNIX = wordSet(`
  aix android darwin dragonfly freebsd hurd illumos ios linux netbsd openbsd solaris`);

function fitsLine({ system, architecture }: Target, text: string): boolean {
  const line = text.includes('//go:build') ? BUILD_LINE.exec(text)?.[1] : undefined;
  if (line === undefined) return true;
  const isSet = (tag: string): boolean =>
    tag === system ||
    tag === architecture ||
    /^(?:gc|cgo|go1\.\d+)$/.test(tag) ||
    (tag === 'unix' && UNIX.has(system));
  return new BuildLine(line.match(/&&|\|\||[!()]|[\w.]+/g) ?? [], isSet).holds();
}

/** Go's expressions of build tags, from left to right: `||` binds least, `!` most. */
class BuildLine {
  private at = 0;

  constructor(
    private readonly tokens: readonly string[],
    private readonly isSet: (tag: string) => boolean,
  ) {}

  holds(): boolean {
    let value = this.all();
    while (this.take('||')) value = this.all() || value;
    return value;
  }

  private all(): boolean {
    let value = this.one();
    while (this.take('&&')) value = this.one() && value;
    return value;
  }

  private one(): boolean {
    if (this.take('!')) return !this.one();
    if (!this.take('(')) return this.isSet(this.tokens[this.at++] ?? '');
    const value = this.holds();
    this.take(')');
    return value;
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at++;
    return true;
  }
}

/** What is said of a handler there: `nodes/run_test.go holds func RunTest, and Go builds …; rename the file, for instance to nodes/run_test_node.go`. */
export function leftOut(node: string, path: string, text: string): string {
  const stem = path.slice(path.lastIndexOf('/') + 1, -'.go'.length);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const holds = `${path} holds func ${node}, and `;
  return isBuiltHere(stem) && !isBuiltHere(stem, text)
    ? `${holds}its line "//go:build" leaves it out; remove the line, or move the function`
    : `${holds}${builds(stem)}; rename the file, for instance to ${folder}${stem}_node.go`;
}

function builds(stem: string): string {
  const built = builtFor(stem);
  if (built.kind !== 'some') return 'Go builds a file whose name ends in _test only for tests';
  const { system, architecture } = built;
  const ending = [system, architecture].filter((part) => part !== undefined);
  return `Go builds a file whose name ends in _${ending.join('_')} only for ${ending.join(' on ')}`;
}
