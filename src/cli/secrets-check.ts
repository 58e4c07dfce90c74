/** `axiom secrets check`: what a package declares against what the tenant has. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { PackagesService } from '../gen/axiom/packages/v1/packages_pb';
import { SecretsService } from '../gen/axiom/secrets/v1/secrets_pb';
import { findPackageRoot } from '../manifest/package-root';
import { parseManifest } from '../manifest/parse';
import { allPages } from './all-pages';
import { withConnection, withManagement, type ConnectionFlags, type Management } from './connection';
import { EXIT } from './exit-codes';
import { CliError } from './failure';
import { note, print, printTable } from './output';
import { splitName } from './package-name';

interface Flags extends ConnectionFlags {
  readonly json?: boolean;
}

/** A name that a package declares. */
interface Declared {
  readonly name: string;
  readonly registered: boolean;
}

const EXIT_CODES =
  '\nThe exit code is 0 when your tenant has every name that is declared, and 3 when it lacks one.';

export function registerCheck(secrets: Command): void {
  withConnection(secrets.command('check [package]'))
    .description(
      'say which of the names that a package declares your tenant has; a folder, or a published name',
    )
    .option('--json', 'print JSON')
    .addHelpText('after', EXIT_CODES)
    .action(async (which: string | undefined, flags: Flags) => {
      const { name, declared } = await withManagement(flags, (door) => declaredBy(door, which ?? '.'));
      const missing = declared.filter((one) => !one.registered).map((one) => one.name);
      if (missing.length > 0) process.exitCode = EXIT.notFound;
      if (flags.json) return print(JSON.stringify({ package: name, secrets: declared, missing }));
      if (declared.length === 0) return print(`${name} declares no secrets`);
      printTable(
        ['NAME', 'YOUR TENANT'],
        declared.map((one) => [one.name, one.registered ? 'has it' : 'lacks it']),
      );
      for (const lacking of missing) note(`add it with \`axiom secrets add ${lacking}\``);
    });
}

async function declaredBy(
  door: Management,
  which: string,
): Promise<{ readonly name: string; readonly declared: readonly Declared[] }> {
  if (!existsSync(which)) return publishedBy(door, which);
  const { manifest } = parseManifest(
    readFileSync(join(findPackageRoot(which), 'axiom.yaml'), 'utf8'),
    'axiom.yaml',
  );
  if (manifest === undefined)
    throw new CliError('axiom.yaml has errors; `axiom validate` shows them', EXIT.invalid);
  const names = [...new Set(manifest.nodes.flatMap((node) => node.requiredSecrets))].sort();
  const rows = await allPages(
    (page) => door.client(SecretsService).listSecretNames(page, door.options()),
    (page) => page.secrets,
  );
  const registered = new Set(rows.map((row) => row.name));
  return {
    name: `${manifest.name}@${manifest.version}`,
    declared: names.map((name) => ({ name, registered: registered.has(name) })),
  };
}

async function publishedBy(door: Management, which: string) {
  const answer = await door.client(PackagesService).getPackage(splitName(which), door.options());
  const { name = which, version = '', requiredSecrets = [] } = answer.package ?? {};
  return {
    name: `${name}@${version}`,
    declared: requiredSecrets.map(({ name, registered }) => ({ name, registered })),
  };
}
