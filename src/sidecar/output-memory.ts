/**
 * Room for what node hosts answer, from when it begins to come until its engine has it. Who finds none waits, and so does
 * the host: nothing that has run is refused. A tenant that has nothing of it gets room in any case, so whatever others
 * hold, each gets on, one answer after the other.
 */

/** Smaller messages are not counted: all calls that there may be take less of them than of anything else. */
export const SMALL_BYTES = 64 * 1024;

interface Waiting {
  readonly tenantId: string;
  readonly bytes: number;
  /** Of a call that has some already: waiting, it would hold that from others and itself. */
  readonly goesOn: boolean;
  readonly begin: () => void;
}

export class OutputMemory {
  #held = 0;
  readonly #byTenant = new Map<string, number>();
  readonly #waiting = new Set<Waiting>();

  /** @param limit in bytes; one tenant gets half. */
  constructor(private readonly limit: number) {}

  /** Of one call. */
  roomFor(tenantId: string): OutputRoom {
    return new OutputRoom(this, tenantId);
  }

  /** @returns what waits, undefined where it has begun at once. */
  take(waiting: Waiting): Waiting | undefined {
    if (!this.#hasRoom(waiting)) {
      this.#waiting.add(waiting);
      return waiting;
    }
    this.#begin(waiting);
    return undefined;
  }

  /** It is wanted no more. */
  drop(waiting: Waiting): void {
    this.#waiting.delete(waiting);
  }

  giveBack(tenantId: string, bytes: number): void {
    this.#held -= bytes;
    const left = (this.#byTenant.get(tenantId) ?? 0) - bytes;
    if (left > 0) this.#byTenant.set(tenantId, left);
    else this.#byTenant.delete(tenantId);
    for (const waiting of this.#waiting) {
      if (!this.#hasRoom(waiting)) continue;
      this.#waiting.delete(waiting);
      this.#begin(waiting);
    }
  }

  #hasRoom({ tenantId, bytes, goesOn }: Waiting): boolean {
    const ofTenant = this.#byTenant.get(tenantId);
    if (goesOn || ofTenant === undefined) return true;
    return this.#held + bytes <= this.limit && ofTenant + bytes <= this.limit / 2;
  }

  #begin({ tenantId, bytes, begin }: Waiting): void {
    this.#held += bytes;
    this.#byTenant.set(tenantId, (this.#byTenant.get(tenantId) ?? 0) + bytes);
    begin();
  }
}

/** What one call has of it. */
export class OutputRoom {
  #bytes = 0;
  #waiting: Waiting | undefined;

  constructor(
    private readonly memory: OutputMemory,
    private readonly tenantId: string,
  ) {}

  /** Resolves when a message of so many bytes may come; undefined for at once. */
  take(bytes: number): Promise<void> | undefined {
    if (bytes <= SMALL_BYTES) return undefined;
    let isThere = (): void => undefined;
    const begin = (): void => {
      this.#waiting = undefined;
      this.#bytes += bytes;
      isThere();
    };
    const goesOn = this.#bytes > 0;
    this.#waiting = this.memory.take({ tenantId: this.tenantId, bytes, goesOn, begin });
    return this.#waiting && new Promise((resolve) => (isThere = resolve));
  }

  /** No message is held any more, or of them so many bytes; none is wanted. */
  giveBack(kept = 0): void {
    if (this.#waiting !== undefined) this.memory.drop(this.#waiting);
    this.#waiting = undefined;
    const bytes = this.#bytes - kept;
    if (bytes <= 0) return;
    this.#bytes = kept;
    this.memory.giveBack(this.tenantId, bytes);
  }
}
