/** Names that the package's language refuses: of messages, and of files that hold handlers. */

import { DomainError } from '../domain/errors';
import type { Manifest } from '../manifest/manifest';
import { leftOut } from './languages/go/built-files';
import { findHandler, leftOutHandler, readGoSources } from '../sdkgen/go/sources';
import { packageMessages } from '../sdkgen/load-package';
import { nameProblems } from '../sdkgen/name-problems';
import type { Finding } from './report/report';
import type { SourceText } from './languages/source-files';

const RULE = 'name-refused';

/** What `axiom generate` or the language's compiler would stumble over. */
export async function refusedNames(
  root: string,
  manifest: Manifest,
  sources: readonly SourceText[],
): Promise<readonly Finding[]> {
  return [...(await messageNames(root, manifest)), ...(await handlerFiles(root, manifest, sources))];
}

/** Messages that do not compile are for `axiom generate` to tell. */
async function messageNames(root: string, manifest: Manifest): Promise<readonly Finding[]> {
  try {
    const { registry } = await packageMessages(root, manifest);
    return nameProblems(manifest.language, registry).map((problem) => ({
      ...problem,
      endColumn: problem.column + 1,
      rule: RULE,
      severity: 'warning',
    }));
  } catch (error) {
    if (error instanceof DomainError) return [];
    throw error;
  }
}

/** Go leaves files out by their names. */
async function handlerFiles(
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
    return [{ ...place, rule: RULE, severity: 'warning', message: leftOut(name, path) }];
  });
}
