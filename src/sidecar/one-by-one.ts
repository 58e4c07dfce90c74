/**
 * Lets a pipeline's messages be read one by one, each when the one before has gone on: grpc-js reads sixteen ahead, of up
 * to 64 MiB each.
 */

export class OneByOne {
  #isWanted = false;
  #read: (() => void) | undefined;

  /** The next message is wanted. */
  want(): void {
    const read = this.#read;
    this.#read = undefined;
    this.#isWanted = read === undefined;
    read?.();
  }

  /** @param read begins with the next message: at once, or when it is wanted. */
  whenWanted(read: () => void): void {
    if (this.#isWanted) {
      this.#isWanted = false;
      read();
    } else this.#read = read;
  }
}
