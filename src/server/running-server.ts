/** A server process's doors, open: where they are, and how to close them. */
export interface RunningServer<Addresses> {
  readonly addresses: Addresses;
  /** Lets calls under way finish for so many milliseconds, and closes everything. */
  stop(drainMs: number): Promise<void>;
}
