/** NODE_DEBUG has Node write the first bytes of all that passes through its streams to stderr: values and API keys, too. */

import { debuglog } from 'node:util';
import { CliError } from './cli-error';
import { EXIT } from './exit-codes';

/** @throws CliError where Node would do so: in this process it can no longer be told not to. */
export function refuseTracedStreams(): void {
  if (!debuglog('stream').enabled) return;
  throw new CliError(
    'NODE_DEBUG has Node print what passes through its streams, values and API keys too; unset it, or leave `stream` out',
    EXIT.usage,
  );
}
