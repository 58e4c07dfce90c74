/** A stolen sidecar's key reads one execution at a time at most: it never passes for the service itself. */

import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { AccessService } from '../../src/gen/axiom/access/v1/access_pb';
import { openChannel, wireClient } from '../../src/wire/client';
import { as } from '../support/clients';
import { startTestService } from '../support/service';

it('refuses to send an API key to a management door that shows a sidecar’s certificate', async () => {
  const service = await startTestService();
  const tls = service.dir.workloads.pair('sidecar');
  const impostor = await startTestService({ tls }, service.dir.root);
  const ca = readFileSync(service.dir.caCertificate);
  const whoAmI = async (address: string) => {
    const channel = openChannel({ address, tls: { ca } });
    try {
      return await wireClient(AccessService, channel).whoAmI({}, as(service.adminApiKey));
    } finally {
      channel.close();
    }
  };
  try {
    await expect(whoAmI(service.management)).resolves.toMatchObject({ tenantId: 'default' });
    await expect(whoAmI(impostor.management)).rejects.toMatchObject({ codeName: 'UNAVAILABLE' });
  } finally {
    await impostor.stop();
    await service.stop().catch(() => undefined);
  }
});
