/** Where a package's messages are in Java: the options each .proto file gets, and each message's class. */

import type { DescFile, DescMessage, FileRegistry } from '@bufbuild/protobuf';
import { basename, dirname } from 'node:path/posix';
import { pascalCase } from '../../validate/languages/common/naming';
import { typesOf } from '../reserved-words';

/** A .proto file's java_package, java_outer_classname and java_multiple_files. */
export interface JavaOptions {
  readonly javaPackage: string;
  readonly outerClassname: string;
  readonly multipleFiles: boolean;
}

/**
 * The package's own messages are gen.Messages.*, as the platform has them, unless the author's options say
 * otherwise. Imported ones are gen.<HandlePackage>Messages.*, whatever their own package made of them: two
 * packages that both say gen.Messages could not stand side by side.
 */
export function javaOptions(file: DescFile, registry: FileRegistry): JavaOptions {
  const { options } = file.proto;
  const folder = /^imports\/([^/]+)\/[^/]+\//.exec(file.name)?.[1];
  if (folder !== undefined) {
    const siblings = [...registry.files].filter((other) => dirname(other.name) === dirname(file.name));
    // Imports are vendored under file names that their own package need not know.
    const stem = siblings.length === 1 ? 'messages' : basename(file.name);
    return { javaPackage: 'gen', outerClassname: pascalCase(`${folder}-${stem}`), multipleFiles: false };
  }
  return {
    javaPackage: options?.javaPackage || (isOwn(file) ? 'gen' : file.proto.package),
    outerClassname: options?.javaOuterClassname || outerClassname(file),
    multipleFiles: options?.javaMultipleFiles ?? false,
  };
}

/** Whether the file is the package's own or imported, and not one of google/protobuf. */
export function isPackageFile(file: DescFile): boolean {
  return isOwn(file) || file.name.startsWith('imports/');
}

function isOwn(file: DescFile): boolean {
  return file.name.startsWith('messages/');
}

/** protoc's own rule for a file that does not say: the file's name, moved aside for a type of that name, nested ones too. */
function outerClassname(file: DescFile): string {
  const name = pascalCase(basename(file.name));
  const types = [...typesOf(file), ...file.services];
  return types.some((type) => type.name === name) ? `${name}OuterClass` : name;
}

/** `gen.Messages.GreetRequest`; a nested message after the one that it is in. */
export function javaClass(message: DescMessage, registry: FileRegistry): string {
  const { javaPackage, outerClassname: outer, multipleFiles } = javaOptions(message.file, registry);
  const names = [message.name];
  for (let parent = message.parent; parent; parent = parent.parent) names.unshift(parent.name);
  return [javaPackage, ...(multipleFiles ? [] : [outer]), ...names].filter((part) => part !== '').join('.');
}
