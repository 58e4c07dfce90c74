/**
 * Each storage call of a scripted scenario fails once: with an error, for lack of space, or by taking its time.
 *
 * Whatever it was, no answer is a wrong "not found", no acknowledged write is lost, no call outlasts its deadline, and
 * after a kill of both processes everything opens. A sample of the calls is tried; AXIOM_STORAGE_FAULTS=all tries each,
 * and 2/4 the second of four parts of them, to run beside the others.
 */

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import BetterSqlite3 from 'better-sqlite3';
import { dataDirAt } from '../../src/server/data-dir';
import type { ServiceInfo } from '../../src/server/service';
import { describeIf } from '../support/needs';
import { codeOf, eventually, startFaultService, valueOf, type FaultService } from './fault-service';
import { PossibleValues } from './possible-values';
import { CALLS, isShimRequired, missingCompiler, type Fault } from './storage-shim';

/** Beyond a healthy call's time, and within every deadline. */
const STALL_MS = 1_500;
const FAULTS = [{ error: 'EIO' }, { error: 'ENOSPC' }, { stallMs: STALL_MS }] as const;
const KINDS = ['write', 'sync', 'truncate', 'open', 'unlink', 'read', 'stat'] as const;
const WANTED = process.env['AXIOM_STORAGE_FAULTS'];
/** Which of how many parts of all calls; undefined for a sample. */
const PART = WANTED === 'all' ? [1, 1] : WANTED?.split('/').map(Number);
const SAMPLE_OF_KIND = 4;
const SEED = Number(process.env['AXIOM_STORAGE_FAULTS_SEED'] ?? Date.now() % 1_000);
/** A start of both processes takes longer than everything else. */
const KILL_EVERY = 9;

let service: FaultService;
let configId: string;

beforeAll(async () => {
  if (missingCompiler() !== undefined) return;
  service = await startFaultService();
  const { doors } = service;
  const created = await doors.flowConfigs.createFlowConfig({ flowId: 'f', profileName: 'p' }, doors.admin());
  configId = created.flowConfig?.configId ?? '';
});
afterAll(() => service?.stop());

/** Answers the token of an execution that starts now, with the flow config's overrides or without. */
async function start(withConfig = false): Promise<string> {
  const { doors } = service;
  const config = withConfig ? { case: 'configId' as const, value: configId } : { case: undefined };
  const request = { tenantId: 'default', flowId: 'f', config };
  return (await doors.executions.startExecution(request, doors.deadline())).executionToken;
}

async function resolve(executionToken: string): Promise<ReadonlyMap<string, string>> {
  const { doors } = service;
  const { secrets } = await doors.resolver.resolveForExecution({ executionToken }, doors.deadline());
  return new Map(Object.entries(secrets).map(([name, { value }]) => [name, Buffer.from(value).toString()]));
}

/** One run of the scenario, with names of its own, and what may be read of them. */
class Scenario {
  readonly values = new PossibleValues();
  readonly #secret: string;
  readonly #other: string;
  readonly #backup: string;

  constructor(run: number) {
    this.#secret = `A_${run}`;
    this.#other = `B_${run}`;
    this.#backup = join(service.folder, `store-backup-${run}`);
  }

  async run(): Promise<void> {
    await this.#add(this.#secret, 'first');
    const pinned = await this.#startAndResolve();
    await this.#replace(this.#secret, 'second');
    await this.#startAndResolve();
    // What was pinned before the replacement is what its execution gets.
    await this.#resolveAgain(pinned);
    await this.#delete(this.#secret, false);
    await this.#startAndResolve();
    await this.#add(this.#other, 'first');
    await this.#override(this.#other, 'override');
    const revoked = await this.#startAndResolve();
    await this.#startAndResolve(true);
    await this.#delete(this.#other, true);
    await this.#resolveAgain(revoked, this.#other);
    await this.#backUp();
  }

  /** What an execution reads now, once the fault is gone: then nothing may fail for ever. */
  async readAgain(): Promise<void> {
    for (const withConfig of [false, true]) {
      const read = await eventually(async () => resolve(await start(withConfig)));
      this.#note(read, withConfig);
    }
  }

  async cleanUp(): Promise<void> {
    const { doors } = service;
    const request = { configId, name: this.#other };
    await eventually(() => ifThere(doors.flowConfigs.deleteSecretOverride(request, doors.admin())));
    for (const name of [this.#secret, this.#other])
      await eventually(() => ifThere(doors.secrets.deleteSecret({ name }, doors.admin())));
    for (const end of ['', '-wal', '-shm']) rmSync(`${this.#backup}${end}`, { force: true });
  }

  async #add(name: string, value: string): Promise<void> {
    const { doors } = service;
    const code = await codeOf(doors.secrets.addSecret({ name, content: valueOf(value) }, doors.admin()));
    this.values.added(name, value, code);
  }

  async #replace(name: string, value: string): Promise<void> {
    const { doors } = service;
    const code = await codeOf(doors.secrets.replaceSecret({ name, content: valueOf(value) }, doors.admin()));
    this.values.replaced(name, value, code);
  }

  async #delete(name: string, revokeRunning: boolean): Promise<void> {
    const { doors } = service;
    this.values.deleted(
      name,
      await codeOf(doors.secrets.deleteSecret({ name, revokeRunning }, doors.admin())),
    );
  }

  async #override(name: string, value: string): Promise<void> {
    const { doors } = service;
    const request = { configId, name, content: valueOf(value) };
    const code = await codeOf(doors.flowConfigs.setSecretOverride(request, doors.admin()));
    this.values.overridden(overrideOf(name), value, code);
  }

  async #startAndResolve(withConfig = false): Promise<Pinned | undefined> {
    try {
      const token = await start(withConfig);
      const read = await resolve(token);
      this.#note(read, withConfig);
      return { token, read };
    } catch (error) {
      this.values.failed('an execution', codeNameOf(error));
      return undefined;
    }
  }

  /** @param revoked a name that may have been taken from it since. */
  async #resolveAgain(pinned: Pinned | undefined, revoked?: string): Promise<void> {
    if (pinned === undefined) return;
    try {
      const read = await resolve(pinned.token);
      for (const [name, value] of pinned.read)
        if (read.get(name) !== value && !(name === revoked && !read.has(name)))
          this.values.wrong.push(`a pinned ${name} is ${read.get(name)} where it was ${value}`);
      // Who was told that it is deleted and revoked finds it nowhere.
      const isGone = revoked !== undefined && !this.values.of(revoked).has(pinned.read.get(revoked));
      if (isGone && read.has(revoked)) this.values.wrong.push(`${revoked} is read after it was revoked`);
    } catch (error) {
      this.values.failed('a pinned execution', codeNameOf(error));
    }
  }

  async #backUp(): Promise<void> {
    const { doors } = service;
    const code = await codeOf(doors.maintenance.backUpStore({ path: this.#backup }, doors.deadline()));
    // Where the file itself cannot be made, the path is what is wrong.
    if (code !== 'OK' && code !== 'FAILED_PRECONDITION') this.values.failed('a backup', code);
    if (code === 'OK') expect(isWhole(this.#backup)).toBe(true);
  }

  #note(read: ReadonlyMap<string, string>, withConfig: boolean): void {
    for (const name of [this.#secret, this.#other]) {
      const value = read.get(name);
      const overrides = this.values.of(overrideOf(name));
      const isOverride = withConfig && (value === 'override' || !overrides.has(undefined));
      this.values.read(isOverride ? overrideOf(name) : name, value);
      if (withConfig && !isOverride) this.values.read(overrideOf(name), undefined);
    }
  }
}

interface Pinned {
  readonly token: string;
  readonly read: ReadonlyMap<string, string>;
}

const overrideOf = (name: string) => `override of ${name}`;
const codeNameOf = (error: unknown) => (error as { codeName?: string }).codeName ?? String(error);

async function ifThere(call: Promise<unknown>): Promise<void> {
  await call.catch((error: unknown) => {
    if (codeNameOf(error) !== 'NOT_FOUND') throw error;
  });
}

/** Whether SQLite finds nothing wrong with a copy. */
function isWhole(path: string): boolean {
  const copy = new BetterSqlite3(path, { readonly: true });
  const found = copy.pragma('integrity_check', { simple: true });
  copy.close();
  return found === 'ok';
}

/** Both processes end without a word; their parent starts them again. */
function killBoth(): void {
  const { execution, management } = JSON.parse(
    readFileSync(dataDirAt(service.folder).serviceInfo, 'utf8'),
  ) as ServiceInfo;
  for (const { pid } of [execution, management]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself a moment ago.
    }
  }
}

/** Everything that was written opens and hangs together. */
async function verify(): Promise<readonly string[]> {
  const { doors } = service;
  const { faults } = await eventually(() =>
    doors.maintenance.verifyTenant({ tenantId: 'default' }, doors.deadline()),
  );
  return faults.map(({ kind, scope, name }) => `verify finds ${kind} at ${scope} ${name}`);
}

/** @returns what was wrong, and whether the fault happened at all. */
async function runWith(run: number, fault: Fault): Promise<{ wrong: string[]; fired: number }> {
  const { shim } = service;
  const scenario = new Scenario(run);
  shim.set(fault);
  await scenario.run();
  const { fired } = shim.seen;
  shim.clear();
  await scenario.readAgain();
  if (run % KILL_EVERY === 0) {
    killBoth();
    await scenario.readAgain();
  }
  const wrong = [...scenario.values.wrong, ...(await verify())];
  await scenario.cleanUp();
  return { wrong, fired };
}

describeIf(missingCompiler(), isShimRequired, 'One storage call that fails', () => {
  it(
    'is no wrong answer, no lost write and no hang, whichever it is, and a restart finds everything',
    async () => {
      const chosen: Fault[] = [];
      for (const kind of KINDS) {
        const faults = await faultsOf(CALLS[kind]);
        chosen.push(...(PART === undefined ? sampleOf(faults) : partOf(faults, PART)));
      }
      const wrong: string[] = [];
      let happened = 0;
      for (const [index, fault] of chosen.entries()) {
        const found = await runWith(KINDS.length + index + 1, fault);
        happened += found.fired;
        const sentences = found.wrong.map((one) => `${JSON.stringify(fault)}: ${one}`);
        for (const sentence of sentences) process.stderr.write(`${sentence}\n`);
        wrong.push(...sentences);
      }
      process.stderr.write(
        `storage faults: ${chosen.length} tried (seed ${SEED}), ${happened} happened, ${wrong.length} wrong\n`,
      );
      expect(wrong).toEqual([]);
      // The number of calls varies a little with what the service does by itself.
      expect(happened).toBeGreaterThan(chosen.length / 2);
    },
    PART === undefined ? undefined : 6 * 3_600_000,
  );
});

/** Every fault of every call of one kind that a run of the scenario makes while nothing fails. */
async function faultsOf(calls: number): Promise<readonly Fault[]> {
  const { shim } = service;
  const healthy = new Scenario(Math.log2(calls));
  shim.count(calls);
  await healthy.run();
  const { counted } = shim.seen;
  shim.clear();
  expect(healthy.values.wrong).toEqual([]);
  await healthy.cleanUp();
  const numbers = Array.from({ length: counted }, (_, index) => index + 1);
  return numbers.flatMap((nth) => FAULTS.map((fault) => ({ calls, nth, ...fault })));
}

/** Each part has calls of the whole scenario. */
function partOf<T>(all: readonly T[], [part = 1, parts = 1]: readonly number[]): readonly T[] {
  return all.filter((_, index) => index % parts === part - 1);
}

/** Evenly spread, from a place that changes with the seed. */
function sampleOf<T>(all: readonly T[]): readonly T[] {
  const step = Math.max(1, all.length / SAMPLE_OF_KIND);
  const from = SEED % Math.ceil(step);
  return Array.from({ length: SAMPLE_OF_KIND }, (_, index) => all[Math.floor(from + index * step)]).filter(
    (one) => one !== undefined,
  );
}
