/** `axiom configs …`: profiles of flows, the tenant default, and secret overrides. */

import { create } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import { parseConfigId, parseSecretName } from '../domain/ids';
import { configScope } from '../domain/scope';
import {
  CreateFlowConfigResponseSchema,
  FlowConfigsService,
  GetFlowConfigResponseSchema,
  GetTenantDefaultResponseSchema,
  ListFlowConfigsResponseSchema,
  SetSecretOverrideResponseSchema,
  UpdateFlowConfigResponseSchema,
  UpdateTenantDefaultResponseSchema,
  type FlowConfig,
} from '../gen/axiom/flowconfigs/v1/flow_configs_pb';
import { withConnection, withManagement, type ConnectionFlags } from './connection';
import { withExamples } from './examples';
import { EXIT } from './exit-codes';
import { CliError } from './failure';
import { findConfig, listConfigs, nameOfConfig } from './find-config';
import { print, printJson, printTable, showTime } from './output';
import { openSealing } from './sealing';
import { readValue, withValueFlags, type ValueFlags } from './value-input';

interface Flags extends ConnectionFlags, ValueFlags {
  readonly json?: boolean;
  readonly nodeTimeout?: string;
  readonly clearNodeTimeout?: boolean;
  readonly name?: string;
  readonly flow?: string;
  readonly revokeRunning?: boolean;
}

const EXAMPLES = [
  'axiom configs create checkout eu --node-timeout 60',
  'axiom configs update checkout/eu --node-timeout 90',
  'axiom configs list',
  'axiom configs show checkout/eu',
  'axiom configs override checkout/eu STRIPE_KEY      asks for the value, masked',
  "axiom configs remove-override checkout/eu STRIPE_KEY    the tenant's value is read again",
  'axiom configs default --node-timeout 120           for every flow of the tenant',
  'axiom configs delete checkout/eu                   with its overrides',
];

export function registerConfigs(program: Command): void {
  const configs = program.command('configs').description('flow configs: node timeouts and secret overrides');
  withExamples(configs, EXAMPLES, 'A profile is named FLOW/PROFILE, or by its id.');
  registerProfiles(configs);
  registerOverrides(configs);
  registerDefault(configs);
}

function registerProfiles(configs: Command): void {
  withConnection(configs.command('create <flow> [profile]'))
    .description('create a profile of a flow; default: the profile `default`')
    .option('--node-timeout <seconds>', 'how long one node may take, 1 to 3600')
    .option('--json', 'print JSON')
    .action(async (flowId: string, profileName: string | undefined, flags: Flags) => {
      await withManagement(flags, async (door) => {
        const request = { flowId, profileName: profileName ?? '', ...timeout(flags) };
        const answer = await door.client(FlowConfigsService).createFlowConfig(request, door.options());
        if (flags.json) printJson(CreateFlowConfigResponseSchema, answer);
        else
          print(
            `created profile ${answer.flowConfig?.profileName} of flow ${flowId}: ${answer.flowConfig?.configId}`,
          );
      });
    });

  withConnection(configs.command('update <config>'))
    .description('rename a profile or change its node timeout')
    .option('--name <profile>', 'the new name')
    .option('--node-timeout <seconds>', 'how long one node may take, 1 to 3600')
    .option('--clear-node-timeout', "go back to the tenant default's")
    .option('--json', 'print JSON')
    .action(async (config: string, flags: Flags) => {
      await withManagement(flags, async (door) => {
        const { configId } = await findConfig(door, config);
        const request = {
          configId,
          profileName: flags.name ?? '',
          clearNodeTimeout: flags.clearNodeTimeout ?? false,
          ...timeout(flags),
        };
        const answer = await door.client(FlowConfigsService).updateFlowConfig(request, door.options());
        if (flags.json) printJson(UpdateFlowConfigResponseSchema, answer);
        else print(`updated profile ${answer.flowConfig?.profileName}`);
      });
    });

  withConnection(configs.command('delete <config>').alias('rm'))
    .description('delete a profile with its overrides')
    .option('--json', 'print JSON')
    .action(async (config: string, flags: Flags) => {
      await withManagement(flags, async (door) => {
        const found = await findConfig(door, config);
        await door.client(FlowConfigsService).deleteFlowConfig({ configId: found.configId }, door.options());
        print(flags.json ? '{}' : `deleted ${nameOfConfig(found)}`);
      });
    });

  withConnection(configs.command('show <config>'))
    .description('show one profile; override values are never shown')
    .option('--json', 'print JSON')
    .action(async (config: string, flags: Flags) => {
      await withManagement(flags, async (door) => {
        const flowConfig = await findConfig(door, config);
        if (flags.json)
          return printJson(GetFlowConfigResponseSchema, create(GetFlowConfigResponseSchema, { flowConfig }));
        print(`${nameOfConfig(flowConfig)}  ${flowConfig.configId}  node timeout ${showTimeout(flowConfig)}`);
        for (const override of flowConfig.overrides)
          print(`  overrides ${override.name}, ${showTime(override.updateTime)}`);
      });
    });

  withConnection(configs.command('list').alias('ls'))
    .description('list profiles with the names that they override')
    .option('--flow <flow>', 'only this flow')
    .option('--json', 'print JSON')
    .action(async (flags: Flags) => {
      const flowConfigs = await withManagement(flags, (door) => listConfigs(door, flags.flow ?? ''));
      if (flags.json)
        return printJson(
          ListFlowConfigsResponseSchema,
          create(ListFlowConfigsResponseSchema, { flowConfigs }),
        );
      printTable(
        ['FLOW', 'PROFILE', 'NODE TIMEOUT', 'OVERRIDES', 'ID'],
        flowConfigs.map((row) => [
          row.flowId,
          row.profileName,
          showTimeout(row),
          row.overrides.map((one) => one.name).join(', ') || '-',
          row.configId,
        ]),
      );
    });
}

function registerOverrides(configs: Command): void {
  withValueFlags(withConnection(configs.command('override <config> <name>')))
    .description(
      "set a profile's own value for a secret name; it comes from a masked prompt, stdin or --file",
    )
    .option('--json', 'print JSON')
    .action(async (config: string, name: string, flags: Flags) => {
      const value = await readValue(flags, `Value of ${parseSecretName(name)} for ${config}`);
      await withManagement(flags, async (door) => {
        const found = await findConfig(door, config);
        const { configId } = found;
        const scope = configScope(parseConfigId(configId));
        const content = await (await openSealing(door)).seal(scope, name, value);
        const request = { configId, name, content };
        const answer = await door.client(FlowConfigsService).setSecretOverride(request, door.options());
        if (flags.json) printJson(SetSecretOverrideResponseSchema, answer);
        else print(`${nameOfConfig(found)} now overrides ${name}`);
      });
    });

  withConnection(configs.command('remove-override <config> <name>'))
    .description("remove a profile's own value for a secret name")
    .option('--revoke-running', 'also take the value from executions that are already running')
    .option('--json', 'print JSON')
    .action(async (config: string, name: string, flags: Flags) => {
      await withManagement(flags, async (door) => {
        const found = await findConfig(door, config);
        const { configId } = found;
        const request = { configId, name, revokeRunning: flags.revokeRunning ?? false };
        await door.client(FlowConfigsService).deleteSecretOverride(request, door.options());
        print(flags.json ? '{}' : `${nameOfConfig(found)} no longer overrides ${name}`);
      });
    });
}

function registerDefault(configs: Command): void {
  withConnection(configs.command('default'))
    .description('show or change the settings that apply to every flow of the tenant')
    .option('--node-timeout <seconds>', 'how long one node may take, 1 to 3600')
    .option('--clear-node-timeout', "go back to the platform's 300 seconds")
    .option('--json', 'print JSON')
    .action(async (flags: Flags) => {
      await withManagement(flags, async (door) => {
        const service = door.client(FlowConfigsService);
        const changes = flags.nodeTimeout !== undefined || flags.clearNodeTimeout === true;
        const answer = changes
          ? await service.updateTenantDefault(timeout(flags), door.options())
          : await service.getTenantDefault({}, door.options());
        if (flags.json)
          return printJson(
            changes ? UpdateTenantDefaultResponseSchema : GetTenantDefaultResponseSchema,
            answer as never,
          );
        print(`node timeout ${Number(answer.tenantDefault?.effectiveNodeTimeout?.seconds ?? 0)} s`);
      });
    });
}

function timeout(flags: Flags): { nodeTimeout?: { seconds: bigint } } {
  if (flags.nodeTimeout === undefined) return {};
  if (!/^\d+$/.test(flags.nodeTimeout))
    throw new CliError('--node-timeout is 1 to 3600 whole seconds', EXIT.usage);
  return { nodeTimeout: { seconds: BigInt(flags.nodeTimeout) } };
}

function showTimeout(config: FlowConfig): string {
  return config.nodeTimeout === undefined ? 'default' : `${config.nodeTimeout.seconds} s`;
}
