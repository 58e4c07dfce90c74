/** Go's names for messages and packages. */

import type { DescMessage } from '@bufbuild/protobuf';
import { GO_NAMES } from '../../validate/languages/go/names';

/** Package names that generated files use for something else, and those that Go lets nobody import. */
const TAKEN: ReadonlySet<string> = new Set(['axiom', 'context', 'gen', 'init', 'main', 'nodes', 'testing']);

/** Where a .proto file's messages are in Go: import path and package name. */
export interface GoPackage {
  readonly importPath: string;
  readonly name: string;
}

/** The Go package of a .proto file of the package, named as in PackageModel.protoFiles. */
export function goPackageOf(protoFile: string, modulePath: string): GoPackage {
  const imported = /^imports\/([^/]+)\/([^/]+)\//.exec(protoFile);
  if (!imported) return { importPath: `${modulePath}/gen`, name: 'gen' };
  const [, folder = '', version = ''] = imported;
  const name = folder.replaceAll(/[^A-Za-z0-9]/g, '').toLowerCase();
  return {
    importPath: `${modulePath}/gen/imports/${folder}/${version}`,
    name: /^\d/.test(name) || GO_NAMES.keywords.has(name) || TAKEN.has(name) ? `p${name}` : name,
  };
}

/** The Go package of a message, for Google's own ones too. */
export function goPackageOfMessage(message: DescMessage, modulePath: string): GoPackage {
  const declared = message.file.proto.options?.goPackage ?? '';
  if (!message.file.name.startsWith('google/protobuf/') || declared === '') {
    // DescFile.name has no extension.
    return goPackageOf(`${message.file.name}.proto`, modulePath);
  }
  const [importPath = '', name] = declared.split(';');
  return { importPath, name: name ?? importPath.slice(importPath.lastIndexOf('/') + 1) };
}

/** What a generated file calls the packages that it imports: each by its own name, or by one that is free. */
export class ImportNames {
  readonly #paths: Map<string, string>;

  /** @param first names that are taken, with their import paths. */
  constructor(first: Readonly<Record<string, string>>) {
    this.#paths = new Map(Object.entries(first));
  }

  nameOf({ name, importPath }: GoPackage): string {
    let free = name;
    for (let number = 2; (this.#paths.get(free) ?? importPath) !== importPath; number++)
      free = `${name}${number}`;
    this.#paths.set(free, importPath);
    return free;
  }

  /** The import statements' lines. */
  lines(): readonly string[] {
    return [...this.#paths].map(([name, path]) => `${name} "${path}"`);
  }
}
