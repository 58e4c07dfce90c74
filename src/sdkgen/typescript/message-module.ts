/** How service.ts and the tests name a message's class. */

import type { DescMessage } from '@bufbuild/protobuf';
import { exportedName, importName, isWellKnown, modulePath } from './bindings/modules';

export interface MessageModule {
  /** What an import statement takes. */
  readonly specifier: string;
  /** The variable that the whole module is imported as. */
  readonly alias: string;
  /** `messages_pb.GreetRequest`. */
  readonly className: string;
}

/**
 * The module of a message's bindings, as a file whose way to gen/ is `gen` (`./gen`, `../gen`) imports it.
 */
export function messageModule(message: DescMessage, gen: string): MessageModule {
  const { file } = message;
  const alias = importName(file);
  return {
    specifier: isWellKnown(file) ? `google-protobuf/${file.name}_pb` : `${gen}/${modulePath(file)}`,
    alias,
    className: `${alias}.${exportedName(message)}`,
  };
}

/** The import statements of some messages' modules, each once. */
export function moduleImports(modules: readonly MessageModule[]): readonly string[] {
  return [
    ...new Set(modules.map(({ alias, specifier }) => `import * as ${alias} from '${specifier}';`)),
  ].sort();
}
