/** `axiom test`: runs the package's tests with its language's own runner. */

import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Command } from 'commander';
import type { Command as ToolCommand } from '../sdkgen/language';
import { languageSupport } from '../sdkgen/languages';
import { loadPackage } from '../sdkgen/load-package';
import { refreshFiles } from '../sdkgen/write-files';
import { CliError } from './failure';
import { note } from './output';

const EXAMPLES = `
Examples:
  axiom test                  in the package's folder, or anywhere below it
  axiom test -- -k greet      what follows -- goes to the runner (here pytest)

The exit code is the runner's.`;

export function registerTest(program: Command): void {
  program
    .command('test [arguments...]')
    .description("generate what is missing or stale, build, and run the package's tests")
    .addHelpText('after', EXAMPLES)
    .action(async (extra: readonly string[]) => {
      const model = await loadPackage('.');
      const support = languageSupport(model.manifest.language);
      const missing = await support.missingToolchain();
      if (missing !== undefined) throw new CliError(missing);
      await refreshFiles(model.root, await support.generate(model, note), note);
      await support.build(model, note);
      process.exitCode = await runToEnd(await support.testCommand(model, extra));
    });
}

/** The program's exit code; 128 and the signal's number when a signal ended it, as shells say it. */
function runToEnd({ argv, cwd, env }: ToolCommand): Promise<number> {
  const [program, ...args] = argv;
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new CliError(`${program} did not start: ${error.message}`)));
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}
