/** Rules of manifests that others than the parser know by name. */

/** A name without a handle: good enough to generate, test and run; `axiom push` refuses it. */
export const NO_HANDLE = 'manifest-handle';
