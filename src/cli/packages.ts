/** `axiom push` and `axiom packages …`: published packages and the secrets that they need. */

import { create } from '@bufbuild/protobuf';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import {
  GetPackageResponseSchema,
  ListPackagesResponseSchema,
  MoveHandleResponseSchema,
  PackagesService,
  PublishPackageResponseSchema,
  type Package,
} from '../gen/axiom/packages/v1/packages_pb';
import { findPackageRoot } from '../manifest/package-root';
import { parseManifest } from '../manifest/parse';
import { allPages } from './all-pages';
import { withConnection, withManagement, type ConnectionFlags } from './connection';
import { withExamples } from './examples';
import { EXIT } from './exit-codes';
import { CliError } from './failure';
import { atOperatorDoor, type OperatorFlags } from './operator-door';
import { note, print, printJson, printTable, printText } from './output';
import { splitName } from './package-name';

interface Flags extends ConnectionFlags {
  readonly json?: boolean;
}

const PUSH_EXAMPLES = `
Examples:
  axiom push                          the package around this folder
  axiom push ./greeter --json`;

const PACKAGES_EXAMPLES = [
  'axiom packages list',
  'axiom packages show my-org/greeter@0.1.0',
  'axiom packages unpublish my-org/greeter@0.1.0',
  "axiom packages remove my-org/greeter@0.1.0         on the service's own machine",
  "axiom packages move-handle my-org acme             on the service's own machine",
];

export function registerPackages(program: Command): void {
  withConnection(program.command('push [folder]'))
    .description("publish the package's manifest and listing; a version never changes")
    .option('--json', 'print JSON')
    .addHelpText('after', PUSH_EXAMPLES)
    .action(async (folder: string | undefined, flags: Flags) => {
      const manifest = readManifest(folder ?? '.');
      await withManagement(flags, async (door) => {
        const answer = await door.client(PackagesService).publishPackage({ manifest }, door.options());
        if (flags.json) return printJson(PublishPackageResponseSchema, answer);
        const published = answer.package as Package;
        print(`published ${published.name}@${published.version}`);
        printLacking(published);
      });
    });

  const packages = program
    .command('packages')
    .description('published packages and the secrets that they need');
  withExamples(packages, PACKAGES_EXAMPLES);

  withConnection(packages.command('list').alias('ls'))
    .description('list the latest version of each package')
    .option('--json', 'print JSON')
    .action(async (flags: Flags) => {
      await withManagement(flags, async (door) => {
        const all = await allPages(
          (page) => door.client(PackagesService).listPackages(page, door.options()),
          (page) => page.packages,
        );
        if (flags.json)
          return printJson(ListPackagesResponseSchema, create(ListPackagesResponseSchema, { packages: all }));
        printTable(
          ['PACKAGE', 'VERSION', 'LANGUAGE', 'SECRETS YOU LACK'],
          all.map((row) => [row.name, row.version, row.language, lacking(row).join(', ') || '-']),
        );
      });
    });

  withConnection(packages.command('show <name>'))
    .description('show a package: its nodes, the secrets that they declare, and which of them you have')
    .option('--json', 'print JSON')
    .action(async (name: string, flags: Flags) => {
      const { name: packageName, version } = splitName(name);
      await withManagement(flags, async (door) => {
        const answer = await door
          .client(PackagesService)
          .getPackage({ name: packageName, version }, door.options());
        if (flags.json) return printJson(GetPackageResponseSchema, answer);
        show(answer.package as Package);
      });
    });

  registerRemoval(packages);
}

function registerRemoval(packages: Command): void {
  withConnection(packages.command('unpublish <name@version>'))
    .description('take a version of yours out of every listing; it stays taken')
    .option('--json', 'print JSON')
    .action(async (which: string, flags: Flags) => {
      await withManagement(flags, async (door) => {
        await door.client(PackagesService).unpublishPackage(splitName(which), door.options());
        print(flags.json ? '{}' : `unpublished ${which}`);
      });
    });

  packages
    .command('remove <name@version>')
    .description("take anybody's version out of every listing, through the operator's door; it stays taken")
    .option('--data-dir <folder>', 'data folder of the service')
    .option('--json', 'print JSON')
    .action(async (which: string, flags: OperatorFlags & { json?: boolean }) => {
      await atOperatorDoor(flags, (client) => client(PackagesService).removePackage(splitName(which)));
      print(flags.json ? '{}' : `removed ${which}`);
    });

  packages
    .command('move-handle <handle> <tenant>')
    .description("give a handle, with what is published under it, to a tenant, through the operator's door")
    .option('--data-dir <folder>', 'data folder of the service')
    .option('--json', 'print JSON')
    .action(async (handle: string, tenantId: string, flags: OperatorFlags & { json?: boolean }) => {
      const answer = await atOperatorDoor(flags, (client) =>
        client(PackagesService).moveHandle({ handle, tenantId }),
      );
      if (flags.json) return printJson(MoveHandleResponseSchema, answer);
      print(`moved ${handle} from ${answer.previousTenantId} to ${tenantId}`);
    });
}

function show(shown: Package): void {
  print(`${shown.name}@${shown.version}  ${shown.language}`);
  if (shown.description !== '') printText(shown.description);
  if (shown.nodesOmitted) note('its nodes are more than an answer may hold; they are left out');
  const registered = new Map(shown.requiredSecrets.map((one) => [one.name, one.registered]));
  for (const node of shown.nodes) {
    printText('');
    print(`${node.name}  ${node.input} -> ${node.output}${node.pipeline ? '  pipeline' : ''}`);
    for (const name of node.requiredSecrets) print(`  ${registered.get(name) ? 'have ' : 'lack '} ${name}`);
  }
  printLacking(shown);
}

function printLacking(shown: Package): void {
  for (const name of lacking(shown))
    note(`your tenant lacks ${name}; add it with \`axiom secrets add ${name}\``);
}

function lacking(shown: Package): string[] {
  return shown.requiredSecrets.filter((one) => !one.registered).map((one) => one.name);
}

/** Checked here too, so that a mistake shows with its place before anything is sent. */
function readManifest(folder: string): Uint8Array {
  const path = join(findPackageRoot(folder), 'axiom.yaml');
  const bytes = readFileSync(path);
  const { manifest, findings } = parseManifest(bytes.toString('utf8'), path);
  for (const { severity, file, line, column, message } of findings)
    note(`${severity}: ${file}:${line}:${column}: ${message}`);
  if (manifest === undefined)
    throw new CliError('axiom.yaml has errors; nothing was published', EXIT.invalid);
  return bytes;
}
