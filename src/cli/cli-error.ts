/** A failure that whoever called the command can mend. In a file of its own: a command that only starts something loads no more. */

import { EXIT } from './exit-codes';

export class CliError extends Error {
  constructor(
    message: string,
    readonly exitCode: number = EXIT.failure,
  ) {
    super(message);
    this.name = 'CliError';
  }
}
