/** `--log-level` of the commands that serve or run a sidecar. */

import { Option } from 'commander';

const LEVELS: readonly string[] = ['error', 'warn', 'info', 'debug', 'trace'];

export function logLevelOption(description: string, usual: string): Option {
  return new Option('--log-level <level>', description).choices(LEVELS).default(usual);
}
