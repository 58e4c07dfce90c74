/** A declaration that is removed or misspelt is told, for declarations of every package of the corpus. */
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { parseManifest } from '../../src/manifest/parse';
import { findSources, type Sources } from '../../src/validate/languages/source-files';
import type { Report } from '../../src/validate/report/report';
import { validateSources } from '../../src/validate/validate';
import { CORPUS, expectedOf, packages } from './corpus';

interface Declared {
  readonly pack: string;
  readonly node: string;
  readonly name: string;
}

interface ManifestNode {
  readonly name: string;
  required_secrets?: string[];
}

/**
 * Names that their node declares and reads, up to six in each package. Left out are those that are read through
 * generated constants: without the declaration there is no constant, and the compiler tells.
 */
function declarations(): readonly Declared[] {
  const written = packages().filter((pack) => !pack.endsWith('-constants'));
  return written.flatMap((pack) => {
    const text = readFileSync(join(CORPUS, pack, 'axiom.yaml'), 'utf8');
    const reads = expectedOf(pack).reads;
    const told = (parseManifest(text).readable?.nodes ?? []).filter((node) => node.kind !== 'generic');
    const isRead = (node: string, name: string): boolean =>
      reads.some((read) => read['name'] === name && (read['nodes'] as string[]).includes(node));
    return told
      .flatMap(({ name: node, requiredSecrets }) => requiredSecrets.map((name) => ({ pack, node, name })))
      .filter(({ node, name }) => name.length > 5 && isRead(node, name))
      .slice(0, 6);
  });
}

async function withDeclared(
  { pack, node, name }: Declared,
  change: (names: readonly string[]) => string[],
): Promise<Report> {
  const manifest = parse(readFileSync(join(CORPUS, pack, 'axiom.yaml'), 'utf8')) as { nodes: ManifestNode[] };
  for (const each of manifest.nodes)
    if (each.name === node && each.required_secrets?.includes(name))
      each.required_secrets = change(each.required_secrets);
  const text = stringify(manifest);
  const parsed = parseManifest(text);
  const sources: Sources = parsed.readable
    ? findSources(join(CORPUS, pack), parsed.readable)
    : { files: [], skipped: [] };
  return validateSources(text, parsed, sources);
}

/** Rules of the findings that speak of a name. */
const about = (report: Report, name: string): readonly string[] => [
  ...new Set(
    report.findings
      .filter(({ rule, message }) => rule !== 'secret-in-log' && new RegExp(`\\b${name}\\b`).test(message))
      .map(({ rule }) => rule),
  ),
];

describe('a declared name that a node reads', () => {
  const all = declarations();

  it('is tried in more than sixty places, each removed and each misspelt', () => {
    expect(all.length).toBeGreaterThan(60);
  });

  it.each(all)('is told when it is removed: $pack $node $name', async (declared) => {
    const report = await withDeclared(declared, (names) => names.filter((name) => name !== declared.name));
    const findings = report.findings.filter(({ message }) =>
      message.startsWith(`${declared.name} is read here`),
    );
    expect(findings.map(({ rule }) => rule)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^(?:undeclared-secret|near-miss)$/)]),
    );
  });

  it.each(all)('is told once when it is misspelt: $pack $node $name', async (declared) => {
    const misspelt = `${declared.name}X`;
    const report = await withDeclared(declared, (names) =>
      names.map((name) => (name === declared.name ? misspelt : name)),
    );
    expect(about(report, misspelt)).toEqual(['near-miss']);
  });
});
