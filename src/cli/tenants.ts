/** `axiom tenants create|admin-key|list`: the operator's door, so only on the service's own machine. */

import { create } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import {
  AccessService,
  CreateTenantAdminKeyResponseSchema,
  CreateTenantResponseSchema,
  ListTenantsResponseSchema,
  type Tenant,
} from '../gen/axiom/access/v1/access_pb';
import type { WireClient } from '../wire/client';
import { allPages } from './all-pages';
import { withExamples } from './examples';
import { atOperatorDoor, type OperatorFlags } from './operator-door';
import { note, print, printJson, printTable, showTime } from './output';

interface Flags extends OperatorFlags {
  readonly displayName?: string;
  readonly json?: boolean;
}

const EXAMPLES = [
  "axiom tenants create acme --display-name 'Acme Inc.' > acme-admin-key",
  'axiom tenants admin-key acme > acme-admin-key',
  'axiom tenants list --json',
];

export function registerTenants(program: Command): void {
  const tenants = program.command('tenants').description("tenants, through the operator's door");
  withExamples(tenants, EXAMPLES);

  tenants
    .command('create <id>')
    .description('create a tenant with keysets of its own; its first admin API key is printed this once')
    .option('--data-dir <folder>', 'data folder of the service')
    .option('--display-name <name>', 'a name for people; default: the id')
    .option('--json', 'print JSON')
    .action(async (tenantId: string, flags: Flags) => {
      const request = { tenantId, displayName: flags.displayName ?? '' };
      const answer = await atOperatorDoor(flags, (client) =>
        client(AccessService).createTenant(request, { deadline: Date.now() + 30_000 }),
      );
      if (flags.json) return printJson(CreateTenantResponseSchema, answer);
      print(answer.adminApiKey);
      note(`created tenant ${tenantId}; save its admin API key now, it is not shown again`);
    });

  tenants
    .command('admin-key <id>')
    .description('make an admin API key for a tenant that has lost its own; it is printed this once')
    .option('--data-dir <folder>', 'data folder of the service')
    .option('--json', 'print JSON')
    .action(async (tenantId: string, flags: Flags) => {
      const answer = await atOperatorDoor(flags, (client) =>
        client(AccessService).createTenantAdminKey({ tenantId }, { deadline: Date.now() + 30_000 }),
      );
      if (flags.json) return printJson(CreateTenantAdminKeyResponseSchema, answer);
      print(answer.adminApiKey);
      note(`made an admin API key for tenant ${tenantId}; save it now, it is not shown again`);
    });

  tenants
    .command('list')
    .alias('ls')
    .description('list tenants')
    .option('--data-dir <folder>', 'data folder of the service')
    .option('--json', 'print JSON')
    .action(async (flags: Flags) => {
      const all = await atOperatorDoor(flags, (client) => allTenants(client(AccessService)));
      if (flags.json)
        return printJson(ListTenantsResponseSchema, create(ListTenantsResponseSchema, { tenants: all }));
      printTable(
        ['ID', 'NAME', 'CREATED'],
        all.map((row) => [row.tenantId, row.displayName, showTime(row.createTime)]),
      );
    });
}

/** Every tenant of the service. */
export function allTenants(door: WireClient<typeof AccessService>): Promise<Tenant[]> {
  return allPages(
    (page) => door.listTenants(page),
    (page) => page.tenants,
  );
}
