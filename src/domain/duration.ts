/** google.protobuf.Duration and milliseconds. */

/** A duration's two fields. */
export interface Duration {
  readonly seconds: bigint;
  readonly nanos: number;
}

/** What is over by now is 0 and not below. */
export function durationOf(milliseconds: number): Duration {
  const whole = Math.max(0, Math.floor(milliseconds));
  return { seconds: BigInt(Math.floor(whole / 1_000)), nanos: (whole % 1_000) * 1_000_000 };
}

export function millisecondsOf({ seconds, nanos }: Duration): number {
  return Number(seconds) * 1_000 + nanos / 1_000_000;
}
