/** A command each of whose flags has an environment variable: `--data-dir` is AXIOM_DATA_DIR. */

import { Command, type Option } from 'commander';

export class AxiomCommand extends Command {
  override createCommand(name?: string): Command {
    return new AxiomCommand(name);
  }

  /** Commander listens for a variable only when the option has it on being added. */
  override addOption(option: Option): this {
    const name = option.long?.replace(/^--/, '').replaceAll('-', '_').toUpperCase();
    if (name !== undefined && option.envVar === undefined) option.env(`AXIOM_${name}`);
    return super.addOption(option);
  }
}
