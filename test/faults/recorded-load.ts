/** Clients that write and read names through two services at the same time, and everything that they were told. */

import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, valueOf, type Doors } from './fault-service';
import { findViolation, type Content, type Effect, type Operation } from './linearizable';

/** A failure that a client may see while something is broken; whether the write took place it does not say. */
const UNKNOWN = ['UNAVAILABLE', 'DEADLINE_EXCEEDED'];
const NAMES = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'];
const CLIENTS = 6;

export class RecordedLoad {
  /** By name. */
  readonly #history = new Map<string, Operation[]>(NAMES.map((name) => [name, []]));
  /** By revision: what an execution that pinned it read, as text. */
  readonly #contents = new Map<bigint, string>();
  /** The newest revision of a start that was answered, and when. */
  #newest = { revision: 0n, at: 0 };
  readonly #wrong: string[] = [];
  #calls = 0;
  #failed = 0;
  #written = 0;
  #stopped = false;
  readonly #clients: readonly Promise<void>[];

  constructor(
    private readonly doors: readonly [Doors, Doors],
    private readonly random: () => number,
  ) {
    this.#clients = Array.from({ length: CLIENTS }, () => this.#repeat());
  }

  /** How many writes and executions were tried. */
  get calls(): number {
    return this.#calls;
  }

  /** Of those, the ones whose answer told nothing of the outcome. */
  get failed(): number {
    return this.#failed;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#clients);
  }

  /** Reads every name once, through each of the services. @throws StatusError. */
  async readOnce(doors: Doors): Promise<void> {
    await this.#read(doors, doors);
  }

  /** What was told and cannot be, as sentences. */
  violations(): readonly string[] {
    const found = [...this.#history].flatMap(([name, history]) => {
      const violation = findViolation(history);
      return violation === undefined ? [] : [`no order explains ${name}: ${JSON.stringify(violation)}`];
    });
    return [...this.#wrong, ...found];
  }

  async #repeat(): Promise<void> {
    while (!this.#stopped) {
      const failedBefore = this.#failed;
      await this.#one();
      // Who was refused waits a little, as clients should.
      await sleep(this.#failed > failedBefore ? 50 : 5);
    }
  }

  async #one(): Promise<void> {
    const doors = this.#pick(this.doors);
    const name = this.#pick(NAMES);
    const value = `${name} ${++this.#written}`;
    const what = this.random();
    this.#calls++;
    if (what < 0.35) {
      await this.#read(doors, this.#pick(this.doors)).catch((error: unknown) =>
        this.#tellFailure('an execution', (error as { codeName?: string }).codeName ?? String(error)),
      );
    } else if (what < 0.75) {
      const call = () => doors.secrets.replaceSecret({ name, content: valueOf(value) }, doors.admin());
      await this.#write(name, call, { kind: 'replace', value }, 'NOT_FOUND');
    } else if (what < 0.93) {
      const call = () => doors.secrets.addSecret({ name, content: valueOf(value) }, doors.admin());
      await this.#write(name, call, { kind: 'add', value }, 'ALREADY_EXISTS');
    } else {
      const call = () => doors.secrets.deleteSecret({ name }, doors.admin());
      await this.#write(name, call, { kind: 'delete' }, 'NOT_FOUND');
    }
  }

  async #write(
    name: string,
    call: () => Promise<unknown>,
    effect: Effect,
    refusal: 'NOT_FOUND' | 'ALREADY_EXISTS',
  ): Promise<void> {
    const called = performance.now();
    const code = await codeOf(call());
    const answered = performance.now();
    if (code === 'OK') this.#note(name, { effect, called, answered });
    else if (code === refusal) {
      const kind = refusal === 'NOT_FOUND' ? 'missed' : 'found';
      this.#note(name, { effect: { kind }, called, answered });
    } else {
      this.#tellFailure(effect.kind, code);
      this.#note(name, { effect, called, answered: Infinity });
    }
  }

  /** Starts through one service and resolves through the other: what was pinned is what each of them gives. */
  async #read(starting: Doors, resolving: Doors): Promise<void> {
    const called = performance.now();
    const request = { tenantId: 'default', flowId: 'f' };
    const { executionToken } = await starting.executions.startExecution(request, starting.deadline());
    const answered = performance.now();
    const { secrets, receipt } = await resolving.resolver.resolveForExecution(
      { executionToken },
      resolving.deadline(),
    );
    const read = new Map(Object.entries(secrets).map(([name, { value }]) => [name, textOf(value)]));
    for (const name of NAMES)
      this.#note(name, { effect: { kind: 'read', saw: read.get(name) }, called, answered });
    this.#checkRevision(receipt?.tenantRevision ?? 0n, read, { called, answered });
  }

  /** A revision has one content, and who starts later gets none that is older. */
  #checkRevision(
    revision: bigint,
    read: ReadonlyMap<string, Content>,
    { called, answered }: { readonly called: number; readonly answered: number },
  ): void {
    const content = JSON.stringify([...read].sort());
    const known = this.#contents.get(revision) ?? content;
    if (known !== content) this.#wrong.push(`revision ${revision} is ${known} and ${content}`);
    this.#contents.set(revision, content);
    const newest = this.#newest;
    if (newest.at < called && revision < newest.revision)
      this.#wrong.push(`revision ${revision} is read after ${newest.revision}`);
    if (revision > newest.revision) this.#newest = { revision, at: answered };
  }

  #note(name: string, operation: Operation): void {
    this.#history.get(name)?.push(operation);
  }

  #tellFailure(what: string, code: string): void {
    this.#failed++;
    if (!UNKNOWN.includes(code)) this.#wrong.push(`${what} answers ${code}`);
  }

  #pick<T>(all: readonly T[]): T {
    return all[Math.floor(this.random() * all.length)] as T;
  }
}

const textOf = (value: Uint8Array) => Buffer.from(value).toString();
