/** The JDK and Maven: whether they are there, and how they are called. */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const OLDEST_JDK = 17;

/** What a program printed, and whether it ended well. */
export interface ToolResult {
  readonly ok: boolean;
  /** stdout, then stderr. */
  readonly output: string;
}

/** Runs a program of the toolchain to its end; one that cannot be started has not ended well. */
export async function runTool(program: string, args: readonly string[], cwd: string): Promise<ToolResult> {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args, {
      cwd,
      env: { ...process.env, ...mavenEnv() },
      maxBuffer: 64 * 1024 * 1024,
    });
    return { ok: true, output: stdout + stderr };
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    return { ok: false, output: stdout + stderr || message };
  }
}

/** Maven runs for seconds: its JVM's slower, better compiler costs more than it gives (7.8 s against 3.7 s). */
export function mavenEnv(): Readonly<Record<string, string>> {
  return process.env['MAVEN_OPTS'] ? {} : { MAVEN_OPTS: '-XX:TieredStopAtLevel=1' };
}

/** A program of the JDK: JAVA_HOME's, which is also Maven's, or the one on PATH. */
export function jdkProgram(name: 'java' | 'javac'): string {
  const home = process.env['JAVA_HOME'];
  return home ? join(home, 'bin', name) : name;
}

/** The JDK's release: 17, 21, … Undefined where there is no JDK. */
export async function jdkRelease(): Promise<number | undefined> {
  const { ok, output } = await runTool(jdkProgram('javac'), ['--version'], '/');
  const release = Number(/^javac (\d+)/m.exec(output)?.[1]);
  return ok && !Number.isNaN(release) ? release : undefined;
}

/** One line that says what is missing and how to get it; undefined when a JDK and Maven are there. */
export async function missingJava(): Promise<string | undefined> {
  const release = await jdkRelease();
  if (release === undefined) {
    return `a JDK of release ${OLDEST_JDK} or newer is missing; install one and put javac on PATH or set JAVA_HOME`;
  }
  if (release < OLDEST_JDK) return `JDK ${release} is too old; install release ${OLDEST_JDK} or newer`;
  const { ok } = await runTool('mvn', ['--version'], '/');
  return ok ? undefined : 'Maven 3.8 or newer is missing; install it and put mvn on PATH';
}
