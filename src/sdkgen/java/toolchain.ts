/** The JDK and Maven: whether they are there, and how they are called. */

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../language';
import { runTool } from '../run-tool';

export const OLDEST_JDK = 17;
/** The release that the platform publishes packages for; their sources may use what is new in it. */
const PLATFORM_RELEASE = 21;
/** How long javac may take to say its version, in milliseconds. */
const ANSWER_MS = 120_000;
/** Where Linux distributions put JDKs beside the one on PATH. */
const JDK_FOLDER = '/usr/lib/jvm';

/** Runs Maven to its end. @throws ToolFailure. */
export async function runMaven(args: readonly string[], cwd: string, report: Report): Promise<void> {
  await runTool(
    { argv: ['mvn', ...args], cwd, env: javaEnv() },
    { tool: 'maven', purpose: 'building the Java package', report },
  );
}

/** What a program of the toolchain says of its version; nothing where it does not start. */
function versionOf(program: string): Promise<string | undefined> {
  const run = { tool: 'question', purpose: program } as const;
  return runTool({ argv: [program, '--version'], cwd: '/', env: javaEnv() }, run).catch(() => undefined);
}

/**
 * Which JDK Maven takes, and how its own JVM runs: for the seconds that it lives, the slower,
 * better compiler costs more than it gives (7.8 s against 3.7 s).
 */
export function javaEnv(): Readonly<Record<string, string>> {
  const home = jdkHome();
  return {
    ...(process.env['MAVEN_OPTS'] ? {} : { MAVEN_OPTS: '-XX:TieredStopAtLevel=1' }),
    ...(home === undefined ? {} : { JAVA_HOME: home }),
  };
}

/** A program of the JDK: JAVA_HOME's, which is also Maven's, or the one on PATH. */
export function jdkProgram(name: 'java' | 'javac'): string {
  const home = jdkHome();
  return home === undefined ? name : join(home, 'bin', name);
}

let foundHome: { readonly home: string | undefined } | undefined;

/** JAVA_HOME where it is set; else, where PATH's JDK is older than the platform's, the newest one beside it. */
function jdkHome(): string | undefined {
  if (process.env['JAVA_HOME']) return process.env['JAVA_HOME'];
  foundHome ??= { home: releaseOnPath() >= PLATFORM_RELEASE ? undefined : newestBeside() };
  return foundHome.home;
}

let foundOnPath: number | undefined;

function releaseOnPath(): number {
  if (foundOnPath === undefined) {
    const { stdout } = spawnSync('javac', ['--version'], { encoding: 'utf8', timeout: ANSWER_MS });
    foundOnPath = Number(/^javac (\d+)/.exec(stdout ?? '')?.[1] ?? 0);
  }
  return foundOnPath;
}

/** The release of the JDK that runs node hosts, found without starting a program more; 0 where nothing tells. */
export function hostRelease(): number {
  const home = jdkHome();
  return home === undefined ? releaseOnPath() : releaseOf(home);
}

function releaseOf(home: string): number {
  const file = join(home, 'release');
  if (!existsSync(file)) return 0;
  return Number(/^JAVA_VERSION="(\d+)/m.exec(readFileSync(file, 'utf8'))?.[1] ?? 0);
}

/** By the `release` file that every JDK has at its root. */
function newestBeside(): string | undefined {
  if (!existsSync(JDK_FOLDER)) return undefined;
  const found = readdirSync(JDK_FOLDER)
    .map((name) => join(JDK_FOLDER, name))
    .filter((home) => existsSync(join(home, 'bin', 'javac')) && existsSync(join(home, 'release')))
    .map((home) => ({ home, release: releaseOf(home) }))
    .filter(({ release }) => release >= PLATFORM_RELEASE)
    .sort((a, b) => b.release - a.release);
  return found[0]?.home;
}

/** The JDK's release: 17, 21, … Undefined where there is no JDK. */
export async function jdkRelease(): Promise<number | undefined> {
  const release = Number(/^javac (\d+)/m.exec((await versionOf(jdkProgram('javac'))) ?? '')?.[1]);
  return Number.isNaN(release) ? undefined : release;
}

/** One line that says what is missing and how to get it; undefined when a JDK and Maven are there. */
export async function missingJava(): Promise<string | undefined> {
  const release = await jdkRelease();
  if (release === undefined) {
    return `a JDK of release ${OLDEST_JDK} or newer is missing; install one and put javac on PATH or set JAVA_HOME`;
  }
  if (release < OLDEST_JDK) return `JDK ${release} is too old; install release ${OLDEST_JDK} or newer`;
  return (await versionOf('mvn')) !== undefined
    ? undefined
    : 'Maven 3.8 or newer is missing; install it and put mvn on PATH';
}
