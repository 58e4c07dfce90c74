/** Names of files that hold handlers and that the package's language leaves out. */

import type { Manifest } from '../manifest/manifest';
import { leftOut } from './languages/go/built-files';
import { findHandler, leftOutHandler, readGoSources } from '../sdkgen/go/sources';
import type { Finding } from './report/report';
import type { SourceText } from './languages/source-files';

/** Go leaves files out by their names. */
export async function refusedFiles(
  root: string,
  manifest: Manifest,
  sources: readonly SourceText[],
): Promise<readonly Finding[]> {
  if (manifest.language !== 'go') return [];
  const code = await readGoSources(root);
  return manifest.nodes.flatMap(({ name }): Finding[] => {
    const path = findHandler(name, code) ? undefined : leftOutHandler(name, code);
    const text = sources.find((source) => source.path === path)?.text;
    if (path === undefined || text === undefined) return [];
    const lines = text.split('\n');
    const line = lines.findIndex((each) => each.startsWith(`func ${name}`)) + 1 || 1;
    const place = { file: path, line, column: 1, endColumn: (lines[line - 1]?.length ?? 0) + 1 };
    return [{ ...place, rule: 'name-refused', severity: 'warning', message: leftOut(name, path) }];
  });
}
