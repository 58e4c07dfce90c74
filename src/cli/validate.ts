/** `axiom validate`: the command around src/validate. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { addRequiredSecrets } from '../manifest/edit';
import { findPackageRoot } from '../manifest/package-root';
import { showsColours, shownOn } from '../server/terminal';
import { asJson, asSarif, asText } from '../validate/report/format';
import { namesToDeclare, type Report } from '../validate/report/report';
import { validatePackage } from '../validate/validate';
import { EXIT } from './exit-codes';
import { note } from './output';

interface Options {
  readonly json?: boolean;
  readonly sarif?: boolean;
  readonly strict?: boolean;
  readonly fix?: boolean;
}

const EXAMPLES = `
Warnings never fail it unless --strict is given; a broken axiom.yaml always does (exit code 1).

Examples:
  axiom validate                    the package around this folder
  axiom validate ./greeter --fix    adds undeclared names to its axiom.yaml
  axiom validate --json             {"reads":[...],"findings":[...]}
  axiom validate --strict --sarif > axiom.sarif

A comment, # axiom: ignore RULE or // axiom: ignore RULE, takes the findings of that rule off its line.`;

export function registerValidate(program: Command): void {
  program
    .command('validate [folder]')
    .description('check axiom.yaml, and the secrets that node sources read against it')
    .option('--json', 'print JSON')
    .option('--sarif', 'print SARIF 2.1.0')
    .option('--strict', 'fail on warnings too')
    .option('--fix', 'add undeclared names to axiom.yaml')
    .addHelpText('after', EXAMPLES)
    .action(async (folder: string | undefined, options: Options) => {
      process.exitCode = await validate(folder ?? '.', options, program.version() ?? '');
    });
}

async function validate(folder: string, options: Options, version: string): Promise<number> {
  const root = findPackageRoot(folder);
  let report = await validatePackage(root);
  const missing = namesToDeclare(report);
  if (options.fix && missing.size > 0 && fix(root, missing)) report = await validatePackage(root);
  process.stdout.write(shownOn(process.stdout, format(report, options, version)));
  const failing = options.strict ? /^(?:error|warning)$/ : /^error$/;
  return report.findings.some((finding) => failing.test(finding.severity)) ? EXIT.failure : EXIT.ok;
}

function format(report: Report, options: Options, version: string): string {
  if (options.json) return asJson(report);
  if (options.sarif) return asSarif(report, version);
  return asText(report, showsColours(process.stdout));
}

/** True when axiom.yaml was changed. What was done goes to stderr: stdout belongs to the report. */
function fix(root: string, missing: ReadonlyMap<string, readonly string[]>): boolean {
  const path = join(root, 'axiom.yaml');
  const text = readFileSync(path, 'utf8');
  const edited = addRequiredSecrets(text, missing);
  if (edited === undefined || edited === text) {
    note('axiom.yaml is laid out in a way that --fix leaves alone; add the names by hand');
    return false;
  }
  writeFileSync(path, edited);
  for (const [node, names] of missing) note(`axiom.yaml: ${node} now declares ${names.join(', ')}`);
  return true;
}
