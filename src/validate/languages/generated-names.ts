/** The constants that `axiom generate` makes of declared names, as a source: their own files are often ignored by git. */

import type { Language, Manifest } from '../../manifest/manifest';
import { secretNamesCs } from '../../sdkgen/csharp/render';
import { secretConstants } from '../../sdkgen/go/names';
import { secretNamesJava } from '../../sdkgen/java/render';
import { constantOf } from '../../sdkgen/rust/render';
import type { SourceText } from './source-files';

type Generated = Readonly<Record<'path' | 'text', string>>;

/** By language, the file in which the constants are; Python and TypeScript have types instead. */
const FILES: Partial<Record<Language, (declared: readonly string[]) => Generated>> = {
  java: (declaredSecrets) => ({
    path: 'src/main/java/axiom/SecretNames.java',
    text: secretNamesJava({ declaredSecrets }),
  }),
  csharp: (declaredSecrets) => ({ path: 'Axiom/SecretNames.cs', text: secretNamesCs({ declaredSecrets }) }),
  go: (declared) => ({ path: 'axiom/context.go', text: goConstants(declared) }),
  rust: (declared) => ({ path: 'src/axiom_context.rs', text: rustConstants(declared) }),
};

/** The file of constants when a source mentions one of them. */
export function generatedNames(manifest: Manifest, sources: readonly SourceText[]): readonly SourceText[] {
  const declared = [...new Set(manifest.nodes.flatMap((node) => node.requiredSecrets))].sort();
  if (!sources.some(({ text }) => /\bSecretNames?|\bsecret_names\b/.test(text))) return [];
  const file = FILES[manifest.language]?.(declared);
  return file ? [{ ...file, suspect: false }] : [];
}

function goConstants(declared: readonly string[]): string {
  const lines = [...secretConstants(declared)].map(
    ([name, constant]) => `const ${constant} = ${JSON.stringify(name)}`,
  );
  return ['package axiom', ...lines, ''].join('\n');
}

function rustConstants(declared: readonly string[]): string {
  const constants = new Map(declared.toReversed().map((name) => [constantOf(name), name]));
  const lines = [...constants].map(
    ([constant, name]) => `pub const ${constant}: &str = ${JSON.stringify(name)};`,
  );
  return `pub mod secret_names {\n${lines.join('\n')}\n}\n`;
}
