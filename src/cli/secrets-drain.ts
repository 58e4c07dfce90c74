/** `axiom secrets drain`: waits until no running execution holds an older value, which can be revoked then. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { UsageService } from '../gen/axiom/usage/v1/usage_pb';
import { withConnection, withManagement, type ConnectionFlags } from './connection';
import { EXIT } from './exit-codes';
import { CliError } from './failure';
import { findConfig, nameOfConfig } from './find-config';
import { outlast } from './outlast';
import { note, print } from './output';
import { parseSeconds } from './whole-number';

interface Flags extends ConnectionFlags {
  readonly json?: boolean;
  readonly timeout: string;
  readonly config?: string;
}

/** How often it asks, in milliseconds: often at first, because most executions are short. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
/** Executions are counted so far and no further. */
const COUNTED = 10_000;

const REMARKS = `
Executions that started before the current value was saved count as holding an older one. Ends with 0 when there is
none left, so that the old credential can be revoked at its provider; with 6 when time runs out. With --config it is
the value that this config has of its own, and only executions of the config count.`;

export function registerDrain(secrets: Command): void {
  withConnection(secrets.command('drain <name>'))
    .description('wait until no running execution holds an older value of a secret than the current one')
    .option('--config <config>', "the config whose own value is meant; default: the tenant's value")
    .option('--timeout <seconds>', 'how long to wait at most', '3600')
    .option('--json', 'print JSON')
    .addHelpText('after', REMARKS)
    .action(async (name: string, flags: Flags) => {
      let older = `an older value of ${name}`;
      const deadline = Date.now() + parseSeconds('--timeout', flags.timeout, 0, 604_800) * 1_000;
      const left = await withManagement(flags, async (door) => {
        const client = door.client(UsageService);
        const config = flags.config === undefined ? undefined : await findConfig(door, flags.config);
        if (config !== undefined) older += ` in ${nameOfConfig(config)}`;
        const configId = config?.configId ?? '';
        const ask = () => client.getSecretUsage({ name, configId }, door.options());
        let told = -1;
        let answer = await ask();
        for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
          const { olderExecutionCount: count } = answer;
          const rest = deadline - Date.now();
          if (count === 0 || rest <= 0) return count;
          if (count !== told) note(`${howMany(count)} ${older}`);
          told = count;
          await sleep(Math.min(pause, rest));
          answer = await outlast(ask, deadline);
        }
      });
      if (left > 0)
        throw new CliError(
          `${howMany(left)} ${older}; wait longer with --timeout, or take it from them with --revoke-running`,
          EXIT.unavailable,
        );
      print(
        flags.json
          ? JSON.stringify({ name, olderExecutionCount: left })
          : `no running execution holds ${older}`,
      );
    });
}

function howMany(count: number): string {
  const least = count >= COUNTED ? 'at least ' : '';
  return count === 1 ? '1 execution that runs holds' : `${least}${count} executions that run hold`;
}
