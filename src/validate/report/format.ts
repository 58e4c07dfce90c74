/** A report as people read it, as JSON and as SARIF. */

import type { Finding, Report, Severity } from './report';

/** The report as `--json` prints it, on one line: places, names, nodes and findings, nothing else. */
export function asJson(report: Report): string {
  const reads = report.reads.map(({ file, line, column, name, kind, nodes }) => ({
    file,
    line,
    column,
    name,
    kind,
    nodes,
  }));
  const findings = report.findings.map(({ rule, severity, file, line, column, message }) => ({
    rule,
    severity,
    file,
    line,
    column,
    message,
  }));
  return `${JSON.stringify({ reads, findings })}\n`;
}

const RULES: Readonly<Record<string, string>> = {
  'dynamic-name': 'The name of the secret is only known at run time',
  'name-refused': "A name that the package's language cannot have",
  'handler-not-found': 'A node of axiom.yaml has no handler',
  'ignore-unused': 'A comment ignores what is not there',
  'handler-not-called': 'A handler that no node host calls where it is',
  'manifest-field': 'A field of axiom.yaml is wrong',
  'manifest-handle': 'The name of the package has no handle',
  'manifest-limit': 'axiom.yaml is too large or too deep',
  'manifest-syntax': 'axiom.yaml is not valid YAML',
  'manifest-unknown-field': 'A field of axiom.yaml is not known',
  'message-unknown': "A node's message is in none of the package's .proto files",
  'messages-broken': "The package's .proto files do not compile",
  'messages-missing': 'The package has no messages',
  'messages-unread': "The package's messages could not be compiled here",
  'near-miss': 'A name that is read is nearly one that is declared',
  'secret-in-log': "A secret's value goes into a log call",
  'secret-in-message': "A secret's value goes into the returned message",
  'source-broken': 'A source cannot be parsed to its end',
  'source-skipped': 'A source was too large to read',
  'undeclared-secret': 'A secret is read that the node does not declare',
  'unread-secret': 'A secret is declared that the node never reads',
};

const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/** SARIF 2.1.0, one run; columns are UTF-16 code units as elsewhere. */
export function asSarif(report: Report, version: string): string {
  const rules = [...new Set(report.findings.map((f) => f.rule))].sort();
  const results = report.findings.map((finding) => ({
    ruleId: finding.rule,
    ruleIndex: rules.indexOf(finding.rule),
    level: LEVELS[finding.severity],
    message: { text: finding.message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(finding.file), uriBaseId: 'PACKAGE' },
          region: { startLine: finding.line, startColumn: finding.column, endColumn: finding.endColumn },
        },
      },
    ],
  }));
  const driver = {
    name: 'axiom validate',
    version,
    rules: rules.map((id) => ({ id, shortDescription: { text: RULES[id] ?? id } })),
  };
  const run = { tool: { driver }, columnKind: 'utf16CodeUnits', results };
  const log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] };
  return `${JSON.stringify(log)}\n`;
}

const COLOURS: Readonly<Record<Severity | 'dim' | 'bold', string>> = {
  error: '31',
  warning: '33',
  info: '36',
  dim: '2',
  bold: '1',
};

/** Longest piece of a source line that is shown. */
const SHOWN = 160;

/** Findings with their lines, and one line that sums up. */
export function asText(report: Report, colour: boolean): string {
  const paint = (style: keyof typeof COLOURS, text: string): string =>
    colour ? `\u001b[${COLOURS[style]}m${text}\u001b[0m` : text;
  const parts = report.findings.map((finding) => {
    const place = `${finding.file}:${finding.line}:${finding.column}`;
    const head = `${paint('bold', place)}: ${paint(finding.severity, finding.severity)}: ${finding.message} ${paint('dim', `[${finding.rule}]`)}`;
    return `${head}\n${excerpt(report.lineAt(finding), finding, (text) => paint(finding.severity, text))}`;
  });
  return [...parts, summary(report)].join('\n') + '\n';
}

/** The source line with carets under the place; tabs keep their width, control characters are not shown. */
function excerpt(
  line: string,
  { line: number, column, endColumn }: Finding,
  paint: (text: string) => string,
): string {
  if (line.trim() === '') return '';
  const from = Math.max(0, column - 1 - 100);
  const shown = line.slice(from, from + SHOWN).replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '?');
  const gutter = ` ${String(number).padStart(4)} | `;
  const indent = shown.slice(0, column - 1 - from);
  const before = indent.includes('\t') ? indent.replaceAll(/[^\t]/g, ' ') : ' '.repeat(indent.length);
  const carets = '^'.repeat(Math.max(1, Math.min(endColumn - column, shown.length - before.length)));
  return `${gutter}${shown}\n${' '.repeat(gutter.length - 2)}| ${before}${paint(carets)}\n`;
}

function summary({ reads, findings }: Report): string {
  const named = reads.flatMap(({ name }) => name ?? []);
  const open = reads.length - named.length;
  const count = (severity: Severity): number => findings.filter((f) => f.severity === severity).length;
  const problems = [plural(count('error'), 'error'), plural(count('warning'), 'warning')];
  return (
    `${plural(named.length, 'read')} of ${plural(new Set(named).size, 'secret')}: ${problems.join(', ')}` +
    (open > 0 ? `, ${plural(open, 'name')} known only at run time` : '')
  );
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
