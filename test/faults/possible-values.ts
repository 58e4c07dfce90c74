/** What may be read of names after writes of which some were not confirmed: one value when it is known, else several. */

/** A value, or undefined where the name is not there. */
type Value = string | undefined;

/** What may be said of a write that was not carried out for certain: it may be kept or not. */
const MAY_FAIL = 'UNAVAILABLE';

export class PossibleValues {
  readonly #names = new Map<string, ReadonlySet<Value>>();
  /** What was answered and cannot be, as sentences. */
  readonly wrong: string[] = [];

  of(name: string): ReadonlySet<Value> {
    return this.#names.get(name) ?? new Set([undefined]);
  }

  added(name: string, value: string, code: string): void {
    this.#wrote(`add ${name}`, name, code, {
      value,
      refusal: 'ALREADY_EXISTS',
      needs: (now) => now === undefined,
    });
  }

  replaced(name: string, value: string, code: string): void {
    this.#wrote(`replace ${name}`, name, code, {
      value,
      refusal: 'NOT_FOUND',
      needs: (now) => now !== undefined,
    });
  }

  deleted(name: string, code: string): void {
    this.#wrote(`delete ${name}`, name, code, {
      value: undefined,
      refusal: 'NOT_FOUND',
      needs: (now) => now !== undefined,
    });
  }

  /** An override is set whether there is one or not. */
  overridden(name: string, value: string, code: string): void {
    this.#wrote(`override ${name}`, name, code, { value, refusal: '', needs: () => true });
  }

  /** What one answer shows is so from then on. */
  read(name: string, value: Value): void {
    if (!this.of(name).has(value)) {
      const known = [...this.of(name)].map(String).join(' or ');
      this.wrong.push(`${name} is read as ${value} where it is ${known}`);
    }
    this.#names.set(name, new Set([value]));
  }

  /** A read that failed says nothing; only its status may be wrong. */
  failed(what: string, code: string): void {
    if (code !== MAY_FAIL) this.wrong.push(`${what} answers ${code}`);
  }

  #wrote(
    what: string,
    name: string,
    code: string,
    write: { readonly value: Value; readonly refusal: string; needs(now: Value): boolean },
  ): void {
    const now = [...this.of(name)];
    const fit = now.filter((one) => write.needs(one));
    const others = now.filter((one) => !write.needs(one));
    if (code === 'OK') {
      if (fit.length === 0) this.wrong.push(`${what} answers OK where it cannot`);
      this.#names.set(name, new Set([write.value]));
    } else if (code === write.refusal) {
      if (others.length === 0) this.wrong.push(`${what} answers ${code} where it cannot`);
      else this.#names.set(name, new Set(others));
    } else {
      this.failed(what, code);
      if (fit.length > 0) this.#names.set(name, new Set([...now, write.value]));
    }
  }
}
