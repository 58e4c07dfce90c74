/** Reads a package folder: axiom.yaml, its .proto files, and the messages that its nodes take and give. */

import { createFileRegistry, fromBinary, type DescMessage, type FileRegistry } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '../domain/errors';
import type { Language, Manifest, ManifestImport, ManifestNode } from '../manifest/manifest';
import { findPackageRoot } from '../manifest/package-root';
import { parseManifest } from '../manifest/parse';
import { readPackageSources, type NodeHandler } from '../validate/languages/package-sources';
import { isNodeFile } from '../validate/languages/common/handlers';
import { NAMES_OF } from '../validate/languages/names';
import type { NodeModel, PackageModel } from './language';
import { requireNames } from './name-problems';
import { compileProtos } from './proto-image';
import { readProtoSources } from './proto-sources';
import { testStem } from './reserved-names';

/**
 * The package that `startDir` lies in. Throws NOT_FOUND where no folder up from it holds axiom.yaml, and
 * INVALID_ARGUMENT, with places, for a manifest, messages or names that cannot be used.
 */
export async function loadPackage(startDir: string): Promise<PackageModel> {
  const root = findPackageRoot(startDir);
  const manifest = await readManifest(root);
  const { protoFiles, descriptorSet, registry } = await packageMessages(root, manifest);
  // A generic node may leave its messages to the instance that binds it: there is no handler to serve.
  const served = manifest.nodes.filter((node) => node.input !== '' && node.output !== '');
  requireNames(manifest.language, registry);
  const { handlers, unseen, context, sources } = await readPackageSources(root, manifest);
  const stems = await stemsIn(root, 'nodes');
  const stemOf = ({ name }: ManifestNode): string =>
    stemIn(handlers.get(name), name) ?? handlerStem(name, stems, manifest.language);
  const files = manifest.nodes.map(stemOf);
  return {
    root,
    manifest,
    nodes: served.map((node) =>
      withHandler(
        nodeModel(node, stemOf(node), manifest, registry, files),
        handlers.get(node.name),
        unseen.get(node.name),
      ),
    ),
    context,
    sources,
    declaredSecrets: [...new Set(manifest.nodes.flatMap((node) => node.requiredSecrets))].sort(),
    protoFiles,
    descriptorSet,
    registry,
  };
}

/**
 * The package's messages, compiled. Throws INVALID_ARGUMENT, with places, where they do not compile.
 * @param begun is told once the compiler, where there is work for it, is at it
 */
export async function packageMessages(
  root: string,
  manifest: Manifest,
  begun?: () => void,
): Promise<Pick<PackageModel, 'protoFiles' | 'descriptorSet' | 'registry'>> {
  const sources = await readProtoSources(root, await findProtoFiles(root, manifest));
  const descriptorSet = sources.length > 0 ? await compileProtos(sources, begun) : new Uint8Array();
  return {
    protoFiles: sources.map((source) => source.path),
    descriptorSet,
    registry: createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet)),
  };
}

async function readManifest(root: string): Promise<Manifest> {
  const { manifest, findings } = parseManifest(await readFile(join(root, 'axiom.yaml'), 'utf8'));
  if (manifest) return manifest;
  const errors = findings.filter((finding) => finding.severity === 'error');
  throw new DomainError(
    'INVALID_ARGUMENT',
    errors.map((e) => `${e.file}:${e.line}:${e.column}: ${e.message}`).join('\n'),
    'MANIFEST_INVALID',
  );
}

/** messages/*.proto, then of each package under imports/ the version that axiom.yaml imports. */
async function findProtoFiles(root: string, manifest: Manifest): Promise<readonly string[]> {
  const found = await protosIn(root, 'messages');
  for (const folder of await foldersIn(join(root, 'imports'))) {
    const versions = await foldersIn(join(root, 'imports', folder));
    const version = chosenVersion(folder, versions, manifest.imports);
    if (version !== undefined) found.push(...(await protosIn(root, `imports/${folder}/${version}`)));
  }
  return found;
}

/** Two versions of one package define the same messages, so one of them is taken: the imported, else the newest. */
function chosenVersion(
  folder: string,
  versions: readonly string[],
  imports: readonly ManifestImport[],
): string | undefined {
  const wanted = imports
    .filter((entry) => importFolder(entry.package) === folder)
    .map((entry) => entry.version);
  const newestFirst = [...versions].sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  return newestFirst.find((version) => wanted.includes(version)) ?? newestFirst[0];
}

/** `handle-package-name` for handle/package-name: the import's folder under imports/. */
export function importFolder(packageName: string): string {
  return packageName.replaceAll('/', '-');
}

function nodeModel(
  node: ManifestNode,
  snakeName: string,
  manifest: Manifest,
  registry: FileRegistry,
  files: readonly string[],
): Omit<NodeModel, 'handler' | 'unserved'> {
  const written = NAMES_OF[manifest.language].handler(node.name);
  return {
    manifest: node,
    snakeName,
    // Older files have functions of their own name.
    functionName:
      isSnakeCased(manifest.language) && snakeName !== written.file ? snakeName : written.function,
    testName: testStem(snakeName, files),
    input: findMessage('input', node, manifest, registry),
    output: findMessage('output', node, manifest, registry),
  };
}

/** A node with its handler; the function's name is the one that its file has it by. */
function withHandler(
  node: Omit<NodeModel, 'handler' | 'unserved'>,
  handler: NodeHandler | undefined,
  unseen: string | undefined,
): NodeModel {
  if (!handler || handler.unserved !== undefined)
    return { ...node, handler: undefined, unserved: handler?.unserved ?? unseen };
  return { ...node, functionName: handler.name, handler, unserved: undefined };
}

/** The stem of the file that holds a node's handler and is called as the node is. */
function stemIn(handler: NodeHandler | undefined, node: string): string | undefined {
  if (!handler || handler.unserved !== undefined || !isNodeFile(handler.path, node)) return undefined;
  return handler.path.slice('nodes/'.length).replace(/\.[^.]*$/, '');
}

/** By the platform's rule; by the older one, a word for each capital, where only such a file is there. */
function handlerStem(name: string, stems: ReadonlySet<string>, language: Language): string {
  const names = NAMES_OF[language];
  const stem = names.handler(name).file;
  if (stems.has(stem)) return stem;
  const older = name.replaceAll(/(?<=.)([A-Z])/g, '_$1').toLowerCase();
  return stems.has(older) && !names.refusesFile(older) ? older : stem;
}

function isSnakeCased(language: Language): boolean {
  return language === 'python' || language === 'rust';
}

/** Throws INVALID_ARGUMENT where no message is meant, or several are. */
function findMessage(
  field: 'input' | 'output',
  node: ManifestNode,
  manifest: Manifest,
  registry: FileRegistry,
): DescMessage {
  const found = lookUp(node[field], manifest, registry);
  if (typeof found !== 'string') return found;
  const message = `axiom.yaml: ${field} "${node[field]}" of node ${node.name} ${found}`;
  throw new DomainError('INVALID_ARGUMENT', message, 'MESSAGE_NOT_FOUND');
}

/** Why a node's input or output is no message of the package or of its imports; undefined where it is one. */
export function messageProblem(
  field: 'input' | 'output',
  node: ManifestNode,
  manifest: Manifest,
  registry: FileRegistry,
): string | undefined {
  const found = lookUp(node[field], manifest, registry);
  return typeof found === 'string' ? `the ${field} "${node[field]}" of ${node.name} ${found}` : undefined;
}

/**
 * A qualified name, or a simple one: of the package's own messages first, then of its imports (see rank). What is
 * wrong with the name where it stands for no message or for several.
 */
function lookUp(name: string, manifest: Manifest, registry: FileRegistry): DescMessage | string {
  const wanted = name.replace(/^\./, '');
  const exact = registry.getMessage(wanted);
  if (exact) return exact;
  const rankOf = (message: DescMessage) => rank(message.file.name, wanted, manifest);
  const matches = [...registry.files]
    .flatMap((file) => file.messages)
    .filter((message) => message.typeName === wanted || message.typeName.endsWith(`.${wanted}`))
    .sort((a, b) => rankOf(a) - rankOf(b));
  const [first, second] = matches;
  if (first && (!second || rankOf(first) < rankOf(second))) return first;
  return first
    ? `stands for ${matches.map((m) => m.typeName).join(' and for ')}; write it with its Protobuf package`
    : `is in none of the package's .proto files; ${whereToPut(manifest)}`;
}

/**
 * Own messages, those that axiom.yaml imports by their names, others of a package it imports, and those left
 * over under imports/ from a package that it imports no more, which may have the same names.
 */
function rank(file: string, message: string, { imports }: Manifest): number {
  if (file.startsWith('messages/')) return 0;
  if (!file.startsWith('imports/')) return 4;
  const listed = imports.filter((entry) => file.startsWith(`imports/${importFolder(entry.package)}/`));
  if (listed.some((entry) => entry.messages.includes(message))) return 1;
  return listed.length > 0 ? 2 : 3;
}

function whereToPut({ imports }: Manifest): string {
  const define = 'define it in messages/messages.proto';
  if (imports.length === 0) return define;
  const folders = imports.map((entry) => `imports/${importFolder(entry.package)}/${entry.version}`);
  return `${define}, or put the .proto files of the imported packages into ${folders.join(', ')}`;
}

async function protosIn(root: string, folder: string): Promise<string[]> {
  const entries = await entriesOf(join(root, folder));
  const names = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.proto'))
    .map((entry) => entry.name);
  return names.sort().map((name) => `${folder}/${name}`);
}

/** The names of a folder's files, without what follows the first dot. */
async function stemsIn(root: string, folder: string): Promise<ReadonlySet<string>> {
  const entries = await entriesOf(join(root, folder));
  return new Set(entries.filter((entry) => entry.isFile()).map(({ name }) => name.replace(/\..*$/, '')));
}

async function foldersIn(path: string): Promise<string[]> {
  const entries = await entriesOf(path);
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

async function entriesOf(path: string) {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
