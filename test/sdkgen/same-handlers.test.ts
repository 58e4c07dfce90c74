/** `axiom generate` and `axiom validate` agree on the handlers of every package that is in the repository. */

import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseManifest } from '../../src/manifest/parse';
import { readPackageSources } from '../../src/validate/languages/package-sources';
import { findSources } from '../../src/validate/languages/source-files';
import { validateSources } from '../../src/validate/validate';

const ROOT = join(__dirname, '..', '..');

/** Written by hand: the nodes of these packages that no node host can call. */
const UNCALLED: Readonly<Record<string, readonly string[]>> = {
  'testdata/validate/python-edge': ['Ghost'],
  'testdata/validate/python-oldest': ['RoomFinder'],
  'testdata/validate/python-recursion': ['Away', 'Circle'],
};

const FOLDERS = [
  'examples',
  'test/testdata/packages',
  'test/testdata/validate',
  'test/testdata/validate-unseen',
];

const PACKAGES = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => existsSync(join(ROOT, folder, name, 'axiom.yaml')))
    .map((name) => [`${folder.replace(/^test\//, '')}/${name}`, join(ROOT, folder, name)] as const),
);

describe('generate and validate find the same handlers', () => {
  it.each(PACKAGES)('in %s', async (name, root) => {
    const text = readFileSync(join(root, 'axiom.yaml'), 'utf8');
    const parsed = parseManifest(text);
    const manifest = parsed.readable;
    if (!manifest) throw new Error('the manifest cannot be read');
    const { handlers } = await readPackageSources(root, manifest);
    const isServed = (node: string) => handlers.has(node) && handlers.get(node)?.unserved === undefined;
    const { findings } = await validateSources(text, parsed, findSources(root, manifest));
    const warned = findings.filter(
      ({ rule }) => rule === 'handler-not-found' || rule === 'handler-not-called',
    );
    const uncalled = manifest.nodes.map((node) => node.name).filter((node) => !isServed(node));
    expect(uncalled).toEqual(UNCALLED[name] ?? []);
    expect(warned).toHaveLength(uncalled.length);
  });
});
