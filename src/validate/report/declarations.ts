/** Holds what the code reads against what axiom.yaml declares. */

import { distance } from 'fastest-levenshtein';
import type { DeclaredSecret } from '../../manifest/finding';
import type { Manifest } from '../../manifest/manifest';
import type { Finding, Read } from './report';

export interface Declarations {
  readonly manifest: Manifest;
  readonly manifestFile: string;
  readonly declared: readonly DeclaredSecret[];
}

export interface Compared {
  readonly findings: readonly Finding[];
  /** True for a declared name that a finding already calls misspelt. */
  isMisspelt(node: string, declared: string): boolean;
}

/** Names read but not declared, and names that are nearly declared. */
export function undeclared(reads: readonly Read[], { manifest }: Declarations): Compared {
  const findings: Finding[] = [];
  const misspelt = new Set<string>();
  for (const read of reads) {
    if (read.name === null) {
      findings.push(dynamic(read));
      continue;
    }
    const name = read.name;
    const lacking = lackingNodes(read, name, manifest);
    if (lacking === undefined) continue;
    const meant = nearMiss(name, lacking, reads, manifest);
    if (meant === undefined) {
      const { file, line, column, endColumn } = read;
      const message = undeclaredMessage(name, lacking);
      const toDeclare = { name, nodes: lacking };
      const rule = 'undeclared-secret';
      findings.push({ file, line, column, endColumn, rule, severity: 'warning', message, toDeclare });
      continue;
    }
    const message = nearMessage(name, meant, lacking);
    findings.push({ ...placeOf(read), rule: 'near-miss', severity: 'warning', message });
    for (const node of lacking) misspelt.add(`${node} ${meant}`);
  }
  return { findings, isMisspelt: (node, declared) => misspelt.has(`${node} ${declared}`) };
}

const placeOf = ({ file, line, column, endColumn }: Read) => ({ file, line, column, endColumn });

const dynamic = (read: Read): Finding => ({
  ...placeOf(read),
  rule: 'dynamic-name',
  severity: 'info',
  message: 'cannot tell which secret is read here: its name is only known at run time',
});

/** Nodes that read the name without declaring it; undefined when there is nothing to say. */
function lackingNodes(read: Read, name: string, manifest: Manifest): readonly string[] | undefined {
  if (read.nodes.length === 0) {
    const declared = manifest.nodes.some((node) => node.requiredSecrets.includes(name));
    return declared || manifest.nodes.some((node) => node.kind === 'generic') ? undefined : [];
  }
  const lacking = manifest.nodes.filter(
    (node) =>
      read.nodes.includes(node.name) && node.kind !== 'generic' && !node.requiredSecrets.includes(name),
  );
  return lacking.length === 0 ? undefined : lacking.map((node) => node.name);
}

const listed = (nodes: readonly string[]): string =>
  nodes.length <= 3 ? nodes.join(', ') : `${nodes.slice(0, 3).join(', ')} and ${nodes.length - 3} more`;

function undeclaredMessage(name: string, nodes: readonly string[]): string {
  if (nodes.length === 0)
    return `${name} is read here and no node declares it; add it to a node's required_secrets`;
  const verb = nodes.length === 1 ? 'does' : 'do';
  return `${name} is read here, and ${listed(nodes)} ${verb} not declare it; add it to required_secrets in axiom.yaml`;
}

const nearMessage = (name: string, meant: string, nodes: readonly string[]): string =>
  `${name} is read here, and ${listed(nodes)} ${nodes.length === 1 ? 'declares' : 'declare'} ${meant}; ` +
  'make the two names the same';

/** A declared name that was probably meant: nearly the same, and read by nobody under its own spelling. */
function nearMiss(
  name: string,
  nodes: readonly string[],
  reads: readonly Read[],
  manifest: Manifest,
): string | undefined {
  const declared = manifest.nodes.filter((n) => nodes.includes(n.name)).flatMap((n) => n.requiredSecrets);
  return declared.find(
    (other) =>
      isNear(name, other) && !reads.some((r) => r.name === other && r.nodes.some((n) => nodes.includes(n))),
  );
}

/** Same letters in another case or with other separators, or one or two slips of the fingers. */
export function isNear(a: string, b: string): boolean {
  const fold = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  if (fold(a) === fold(b)) return true;
  const digits = (text: string): string => text.replaceAll(/\D/g, '');
  if (digits(a) !== digits(b)) return false; // KEY_1 and KEY_2 are two keys.
  const shorter = Math.min(a.length, b.length);
  return shorter >= 5 && distance(a.toLowerCase(), b.toLowerCase()) <= (shorter >= 9 ? 2 : 1);
}

/** Names declared but never read, where that can be told. */
export function unread(
  reads: readonly Read[],
  { manifestFile, declared }: Declarations,
  canTell: (node: string, name: string) => boolean,
  asked: ReadonlySet<string>,
): readonly Finding[] {
  return declared.flatMap(({ node, name, line, column, endColumn }): Finding[] => {
    const same = reads.filter((read) => read.name === name);
    const isRead = same.some((read) => read.nodes.includes(node) || read.nodes.length === 0);
    if (isRead || asked.has(name) || !canTell(node, name)) return [];
    const others = [...new Set(same.flatMap((read) => read.nodes))];
    const hint = others.length > 0 ? ` (${listed(others)} ${others.length === 1 ? 'does' : 'do'})` : '';
    return [
      {
        file: manifestFile,
        line,
        column,
        endColumn,
        rule: 'unread-secret',
        severity: 'warning',
        message: `${node} declares ${name} and never reads it${hint}; read it or remove it from required_secrets`,
      },
    ];
  });
}
