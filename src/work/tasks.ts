/** What worker threads do for the servers: pure functions of what can be cloned. */

import { nearestNames } from '../domain/nearest-name';
import { parseManifest, type ParsedManifest } from '../manifest/parse';

/** What one task takes and answers. */
export interface Tasks {
  readonly parseManifest: (text: string) => Pick<ParsedManifest, 'manifest' | 'findings'>;
  readonly nearestNames: (input: {
    readonly missed: readonly string[];
    readonly names: readonly string[];
  }) => readonly string[];
}

export const tasks: Tasks = {
  parseManifest: (text) => {
    const { manifest, findings } = parseManifest(text);
    return { findings, ...(manifest && { manifest }) };
  },
  nearestNames: ({ missed, names }) => nearestNames(missed, names),
};
