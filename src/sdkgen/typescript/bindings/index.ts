/** A package's message bindings: gen/<file>_pb.js and .d.ts for each .proto file that its nodes can reach. */

import type { DescFile } from '@bufbuild/protobuf';
import { declarations } from './ts-file';
import { javascriptModule } from './js-file';
import { isWellKnown, modulePath } from './modules';

export interface Binding {
  /** Relative to gen/. */
  readonly path: string;
  readonly contents: string;
}

/** Nothing is made for google/protobuf: google-protobuf brings those. */
export function bindings(files: Iterable<DescFile>): readonly Binding[] {
  return [...files]
    .filter((file) => !isWellKnown(file))
    .flatMap((file) => [
      { path: `${modulePath(file)}.js`, contents: javascriptModule(file) },
      { path: `${modulePath(file)}.d.ts`, contents: declarations(file) },
    ]);
}
