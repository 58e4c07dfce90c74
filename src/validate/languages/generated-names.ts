/** The constants that `axiom generate` makes of declared names, as a source: their own files are often ignored by git. */

import type { Manifest } from '../../manifest/manifest';
import { LANGUAGE_OF } from './languages';
import { NAMES_OF } from './names';
import type { SourceText } from './source-files';

/** The file of constants when a source mentions one of them. */
export function generatedNames(manifest: Manifest, sources: readonly SourceText[]): readonly SourceText[] {
  const file = LANGUAGE_OF[manifest.language].constantsFile;
  const constants = NAMES_OF[manifest.language].constants;
  if (!file || !constants || !sources.some(({ text }) => /\bSecretNames?|\bsecret_names\b/.test(text)))
    return [];
  const declared = [...new Set(manifest.nodes.flatMap((node) => node.requiredSecrets))].sort();
  const lines = [...constants(declared)].map(([name, constant]) =>
    file.constant(constant, JSON.stringify(name)),
  );
  return [{ path: file.path, text: file.around(lines), suspect: false, generated: true }];
}
