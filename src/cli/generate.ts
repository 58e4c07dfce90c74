/** `axiom generate`: writes the context, the node host and one test per node into the package. */

import type { Command } from 'commander';
import { languageSupport } from '../sdkgen/languages';
import { loadPackage } from '../sdkgen/load-package';
import { writeFiles } from '../sdkgen/write-files';
import { note, print } from './output';

const EXAMPLES = `
Examples:
  axiom generate            in the package's folder, or anywhere below it
  axiom generate ../greeter
  axiom generate --json     {"package","root","language","written":[...],"unchanged":[...],"kept":[...]}

Tests and other files of yours are written once and never overwritten.`;

export function registerGenerate(program: Command): void {
  program
    .command('generate [folder]')
    .description("write the package's context, node host and tests")
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (folder: string | undefined, { json }: { readonly json?: boolean }) => {
      const model = await loadPackage(folder ?? '.');
      const { name, language } = model.manifest;
      const files = await languageSupport(language).generate(model, note);
      const result = await writeFiles(model.root, files, note);
      if (json) {
        print(JSON.stringify({ package: name, root: model.root, language, ...result }));
        return;
      }
      for (const path of result.written) print(`wrote ${path}`);
      print(
        `${name}: ${result.written.length} written, ${result.unchanged.length} up to date, ${result.kept.length} kept`,
      );
    });
}
