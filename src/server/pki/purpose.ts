/** What certificates of the service's own CA are for, and what all of them share. */

/** `service`: the doors. `workload`: engines and sidecars as clients. `sidecar-door`: what sidecars show engines. */
export type Purpose = 'service' | 'workload' | 'sidecar-door';

/** Clocks of machines differ; a certificate made now must be valid there too. */
export const BACKDATE_MS = 3_600_000;

/** The host of a workload's SPIFFE URI. */
export const TRUST_DOMAIN = 'axiom';
