/**
 * Notes when credentials were last used, beside the calls that they are used for: whoever has proved to be in force waits
 * for no lock of other writers, and for no full disk. What cannot be noted is noted at a later call.
 */

export class UseMarks {
  readonly #underWay = new Set<string>();

  /** @param note does it. While it does, no other of the same credential is begun. */
  begin(credential: string, note: () => Promise<unknown>): void {
    if (this.#underWay.has(credential)) return;
    this.#underWay.add(credential);
    void note()
      .catch(() => undefined)
      .finally(() => this.#underWay.delete(credential));
  }
}
