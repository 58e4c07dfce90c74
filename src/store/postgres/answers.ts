/** What the writes of one transaction asked ahead (asked-ahead.ts), and the answers as long as they hold. */

import type { TenantId } from '../../domain/ids';
import { isOfStep, type Question } from '../asked-ahead';
import { isSame } from '../columns';
import type { ComingWrite } from '../group-commit';
import type { StatementResult } from '../prepared';
import { postgresCompiler } from './compiler';

/** Each once, however many writes ask it. */
class Questions {
  readonly list: Question[] = [];
  readonly #places = new Map<string, Map<string, number>>();

  /** @returns its place in the list. */
  add(question: Question): number {
    const { text, values } = question;
    const places = this.#places.get(text) ?? new Map<string, number>();
    this.#places.set(text, places);
    const key = JSON.stringify(values);
    const place = places.get(key) ?? this.list.push(question) - 1;
    places.set(key, place);
    return place;
  }
}

/** What changes where a log ends. */
const APPENDS = /^insert into "audit_(?:events|moved)"/;

interface Asked {
  readonly ofSteps: Map<ComingWrite, readonly number[]>;
  logEnd: number | undefined;
}

export class Answers {
  readonly #questions = new Questions();
  readonly #byTenant = new Map<TenantId | undefined, Asked>();
  #results: readonly StatementResult[] = [];

  constructor(writes: readonly ComingWrite[]) {
    const times = new Map<string, number>();
    for (const { asksAhead } of writes)
      if (asksAhead !== undefined) times.set(asksAhead.about, (times.get(asksAhead.about) ?? 0) + 1);
    // Of several steps of one execution each may change what the next finds.
    for (const write of writes)
      if (write.asksAhead !== undefined && times.get(write.asksAhead.about) === 1) this.#ask(write);
  }

  #ask(write: ComingWrite): void {
    const { tenant, asksAhead } = write;
    if (asksAhead === undefined) return;
    const asked = this.#byTenant.get(tenant) ?? { ofSteps: new Map(), logEnd: undefined };
    this.#byTenant.set(tenant, asked);
    const questions = asksAhead.questions(postgresCompiler);
    asked.ofSteps.set(
      write,
      questions.map((question) => this.#questions.add(question)),
    );
    asked.logEnd = this.#questions.add(asksAhead.logEnd(postgresCompiler));
  }

  /** To be asked. */
  get questions(): readonly Question[] {
    return this.#questions.list;
  }

  /** @param results in the order of the questions. @param isMine whose answers hold: nobody else writes to the tenant. */
  keep(results: readonly StatementResult[], isMine: (tenant: TenantId | undefined) => boolean): void {
    this.#results = results;
    for (const tenant of this.#byTenant.keys()) if (!isMine(tenant)) this.#byTenant.delete(tenant);
  }

  /** The answer for this write; undefined where it has to ask. */
  find(write: ComingWrite, { text, values }: Question): StatementResult | undefined {
    const asked = this.#byTenant.get(write.tenant);
    const places = asked?.ofSteps.get(write);
    if (asked === undefined || places === undefined) return undefined;
    for (const place of asked.logEnd === undefined ? places : [...places, asked.logEnd]) {
      const question = this.#questions.list[place];
      if (question?.text === text && question.values.every((value, index) => isSame(value, values[index])))
        return this.#results[place];
    }
    return undefined;
  }

  /** The write writes by this statement. */
  wrote({ tenant, asksAhead }: ComingWrite, text: string): void {
    const asked = this.#byTenant.get(tenant);
    if (asked === undefined) return;
    if (APPENDS.test(text)) asked.logEnd = undefined;
    if (asksAhead === undefined || !isOfStep(text)) this.#byTenant.delete(tenant);
  }
}
