/** What packaging/ has for systemd and for containers says nothing that the product or the system does not know. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { describeIf } from '../support/needs';
import { AXIOM_MAIN } from '../support/serve-process';

const ROOT = join(__dirname, '..', '..');
const read = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8');
const unit = read('packaging', 'systemd', 'axiom.service');
const sysusers = read('packaging', 'systemd', 'axiom.sysusers');
const containerfile = read('packaging', 'Containerfile');
type ByName = Readonly<Record<string, string>>;
const { name, bin, files, dependencies, optionalDependencies, devDependencies } = JSON.parse(
  read('package.json'),
) as {
  readonly name: string;
  readonly bin: ByName;
  readonly files: readonly string[];
  readonly dependencies: ByName;
  readonly optionalDependencies: ByName;
  readonly devDependencies: ByName;
};
const folder = mkdtempSync(join(tmpdir(), 'axiom-packaging-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The words of a setting that goes over several lines. */
function words(setting: RegExp, text: string): string[] {
  const [, value = ''] = setting.exec(text.replaceAll(/\\\n\s*/g, '')) ?? [];
  return value.split(/\s+/);
}

/** What `axiom serve` would be started with. */
const STARTS = {
  'axiom.service': words(/^ExecStart=(.*)$/m, unit).slice(1),
  Containerfile: JSON.parse(
    `[${/^CMD \[(.*)\]$/m.exec(containerfile.replaceAll(/\\\n\s*/g, ''))?.[1] ?? ''}]`,
  ) as string[],
};

const valueOf = (args: readonly string[], flag: string) => args[args.indexOf(flag) + 1] ?? '';

describe.each(Object.entries(STARTS))('What %s starts', (_, args) => {
  it('is `axiom serve` with flags that it has', () => {
    const { stdout } = spawnSync(process.execPath, [AXIOM_MAIN, 'serve', '--help'], { encoding: 'utf8' });
    const known = new Set(stdout.match(/--[a-z-]+/g));
    const flags = args.filter((one) => one.startsWith('--'));
    expect(args[0]).toBe('serve');
    expect(flags).toContain('--data-dir');
    expect(flags.filter((flag) => !known.has(flag))).toEqual([]);
    expect(Object.keys(bin)).toContain('axiom');
  });

  it('is each half as a user that is made there', () => {
    const made = _ === 'Containerfile' ? containerfile.match(/useradd .*/g) : sysusers.match(/^u .*/gm);
    for (const flag of ['--management-user', '--execution-user'])
      expect(made?.some((line) => line.split(/\s+/).includes(valueOf(args, flag)))).toBe(true);
  });
});

it('docs/dependencies.md has a line for every package of package.json but types, and for no other', () => {
  const rows = read('docs', 'dependencies.md').match(/^\| (?!package)[^-|][^|]*/gm) ?? [];
  const said = rows.flatMap((row) => row.replaceAll(/\([^)]*\)/g, '').match(/[^|,\s]+/g) ?? []);
  const wanted = Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies });
  expect(said.sort()).toEqual(wanted.filter((one) => !one.startsWith('@types/')).sort());
});

describe('The Containerfile', () => {
  it('installs the tarball that `npm pack` makes, and exposes the doors’ ports', () => {
    expect(containerfile).toMatch(new RegExp(`^COPY ${name}-\\*\\.tgz `, 'm'));
    const ports = ['--management-address', '--execution-address', '--console-address'].map(
      (flag) => valueOf(STARTS.Containerfile, flag).split(':')[1],
    );
    expect(words(/^EXPOSE (.*)$/m, containerfile)).toEqual(ports);
  });

  it('keeps the data where its volume is', () => {
    expect(words(/^VOLUME (.*)$/m, containerfile)).toEqual([valueOf(STARTS.Containerfile, '--data-dir')]);
  });
});

describe('The systemd unit', () => {
  it('keeps the data where its state folder is, and names documentation that is installed', () => {
    const [state] = words(/^StateDirectory=(.*)$/m, unit);
    expect(valueOf(STARTS['axiom.service'], '--data-dir')).toBe(`/var/lib/${state}`);
    const [, packageName, path = ''] =
      /^Documentation=file:\/usr\/lib\/node_modules\/([^/]+)\/(.*)$/m.exec(unit) ?? [];
    expect(packageName).toBe(name);
    expect(files).toContain('docs');
    expect(read(path)).toContain('# ');
  });

  const lacking = (tool: string) =>
    spawnSync(tool, ['--version']).status === 0 ? undefined : `${tool} is not on this machine`;

  describeIf(lacking('systemd-analyze'), false, 'to systemd', () => {
    it('has nothing that it does not know', () => {
      const path = join(folder, 'axiom.service');
      writeFileSync(path, unit.replace('/usr/bin/axiom', process.execPath));
      const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', path], {
        encoding: 'utf8',
      });
      expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
    });
  });

  describeIf(lacking('systemd-sysusers'), false, 'its users', () => {
    it('are made by systemd-sysusers, and may not log in', () => {
      const root = join(folder, 'root');
      for (const path of ['etc', 'usr/lib/sysusers.d']) mkdirSync(join(root, path), { recursive: true });
      writeFileSync(join(root, 'usr/lib/sysusers.d/axiom.conf'), sysusers);
      const { status } = spawnSync('systemd-sysusers', [`--root=${root}`, 'axiom.conf'], {
        encoding: 'utf8',
      });
      expect(status).toBe(0);
      const accounts = readFileSync(join(root, 'etc', 'passwd'), 'utf8')
        .trim()
        .split('\n');
      expect(accounts.map((line) => [line.split(':')[0], line.split(':')[6]])).toEqual([
        ['axiom-execution', '/usr/sbin/nologin'],
        ['axiom-management', '/usr/sbin/nologin'],
      ]);
    });
  });
});
