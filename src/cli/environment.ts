/**
 * A command whose flags that say where and how have environment variables: `--data-dir` is AXIOM_DATA_DIR. Flags that
 * say what to do have none: a variable that somebody set once must not make a command do something else.
 */

import { Command, type Option } from 'commander';
import { EXIT } from './exit-codes';
import { CliError } from './cli-error';

/** What turns a switch's variable off; anything else, being set, turns it on. */
const OFF = /^(?:|0|false|no|off)$/i;

/** Flags of any command that say where the service is, and how to answer. */
const WHERE_AND_HOW: readonly string[] = [
  ...['--data-dir', '--address', '--ca', '--api-key-file', '--verifying-keyset'],
  ...['--json', '--log-level'],
];

/** Commands that are all where and how: what they do is to serve. */
const SERVING: readonly string[] = ['serve', 'sidecar'];

export class AxiomCommand extends Command {
  override createCommand(name?: string): Command {
    return new AxiomCommand(name);
  }

  /** Commander listens for a variable only when the option has it on being added. */
  override addOption(option: Option): this {
    const name = this.hasVariables(option) ? variableOf(option) : undefined;
    const ignored =
      name !== undefined &&
      name in process.env &&
      (option.isBoolean() ? isOff(name) : process.env[name] === '');
    if (name !== undefined && option.envVar === undefined && !ignored) option.env(name);
    super.addOption(option);
    if (option.variadic && option.envVar !== undefined) this.splitListOf(option);
    return this;
  }

  private hasVariables(option: Option): boolean {
    const serves = [this.name(), this.parent?.name()].some((name) => SERVING.includes(name ?? ''));
    return serves || WHERE_AND_HOW.includes(option.long ?? '');
  }

  /** A flag takes several words, a variable a list with commas. Commander's own listener has taken it as one word. */
  private splitListOf(option: Option): void {
    this.on(`optionEnv:${option.name()}`, (text: string) => {
      const items = text.split(',').map((item) => item.trim());
      this.setOptionValueWithSource(
        option.attributeName(),
        items.filter((item) => item !== ''),
        'env',
      );
    });
  }

  /** An empty word is a shell variable that is not set: as a folder it would mean the current one. */
  refuseEmptyWords(): this {
    return this.hook('preAction', (_program, command) => {
      for (const option of command.options) {
        if (![command.getOptionValue(option.attributeName())].flat().includes('')) continue;
        throw new CliError(
          `${option.long ?? option.flags} has nothing after it; give it a value or leave it out`,
          EXIT.usage,
        );
      }
      for (const [index, argument] of command.registeredArguments.entries())
        if (command.processedArgs[index] === '')
          throw new CliError(
            `the ${argument.name()} has nothing in it; give it${argument.required ? '' : ' or leave it out'}`,
            EXIT.usage,
          );
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
