/** A server process's doors, open: where they are, and how to close them. */
export interface RunningServer<Addresses> {
  readonly addresses: Addresses;
  /** Resolves when the store is to be opened anew, by another process. */
  readonly broken?: Promise<void> | undefined;
  /**
   * Lets calls under way finish for so many milliseconds, and closes everything.
   * @param othersEnded resolves when no other process of the service writes any more; undefined: none does.
   */
  stop(drainMs: number, othersEnded?: () => Promise<void>): Promise<void>;
}
