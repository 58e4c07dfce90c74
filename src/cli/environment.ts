/** A command each of whose flags has an environment variable: `--data-dir` is AXIOM_DATA_DIR. */

import { Command, type Option } from 'commander';
import { EXIT } from './exit-codes';
import { CliError } from './failure';

/** What turns a switch's variable off; anything else, being set, turns it on. */
const OFF = /^(?:|0|false|no|off)$/i;

export class AxiomCommand extends Command {
  override createCommand(name?: string): Command {
    return new AxiomCommand(name);
  }

  /** Commander listens for a variable only when the option has it on being added. */
  override addOption(option: Option): this {
    const name = variableOf(option);
    const ignored =
      name !== undefined &&
      name in process.env &&
      (option.isBoolean() ? isOff(name) : process.env[name] === '');
    if (name !== undefined && option.envVar === undefined && !ignored) option.env(name);
    return super.addOption(option);
  }

  /** An empty word is a shell variable that is not set: as a folder it would mean the current one. */
  refuseEmptyFlags(): this {
    return this.hook('preAction', (_program, command) => {
      for (const option of command.options) {
        if (command.getOptionValue(option.attributeName()) !== '') continue;
        throw new CliError(
          `${option.long ?? option.flags} has nothing after it; give it a value or leave it out`,
          EXIT.usage,
        );
      }
    });
  }
}

/** Whether failures are told as JSON: known before, and even where, the arguments cannot be parsed. */
export function wantsJson(): boolean {
  const words = process.argv.slice(2);
  const end = words.indexOf('--');
  return words.slice(0, end < 0 ? undefined : end).includes('--json') || !isOff('AXIOM_JSON');
}

function variableOf(option: Option): string | undefined {
  const name = option.long?.replace(/^--/, '').replaceAll('-', '_').toUpperCase();
  return name === undefined ? undefined : `AXIOM_${name}`;
}

function isOff(variable: string): boolean {
  return OFF.test(process.env[variable] ?? '');
}
