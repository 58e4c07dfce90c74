/** The operator's door of a service on this machine: whoever may open its socket is the operator. */

import type { DescService } from '@bufbuild/protobuf';
import { openChannel, wireClient, type WireClient } from '../wire/client';
import { ofHalf, readServiceInfo } from './connection';
import { defaultDataDir } from './data-folder';

export interface OperatorFlags {
  readonly dataDir?: string;
}

/** Opens the door for `body`, which gets what answers a client of any of its services, and closes it after. */
export async function atOperatorDoor<T>(
  flags: OperatorFlags,
  body: (client: <S extends DescService>(service: S) => WireClient<S>) => Promise<T>,
): Promise<T> {
  const info = readServiceInfo(flags.dataDir ?? defaultDataDir());
  const channel = openChannel({ address: `unix:${ofHalf('execution', info.operatorSocket)}` });
  try {
    return await body((service) => wireClient(service, channel));
  } finally {
    channel.close();
  }
}
