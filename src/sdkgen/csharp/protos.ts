/** The .proto files as Grpc.Tools compiles them: imports by their path from the root, and a C# namespace. */

import type { GeneratedFile, PackageModel } from '../language';
import { readProtoSources } from '../proto-sources';
import { csharpNamespace } from './csharp-names';

/** Where the copies are, relative to root. */
export const PROTO_FOLDER = '.axiom/csharp/proto';

/** What the sidecar says to the node host, in PROTO_FOLDER. */
export const NODE_PROTO = 'axiom/node/v1/node.proto';

const NAMESPACE = /\boption\s+csharp_namespace\s*=\s*(?:"[^"\n]*"|'[^'\n]*')\s*;/g;

/** One copy for each of the package's own and imported .proto files. */
export async function csharpProtos({
  root,
  protoFiles,
  registry,
}: PackageModel): Promise<readonly GeneratedFile[]> {
  const sources = await readProtoSources(root, protoFiles);
  return sources.flatMap(({ path, text }): GeneratedFile[] => {
    const file = registry.getFile(path);
    if (!file) return [];
    // An option may be anywhere at a file's top level, so ours is at its end.
    const option = `option csharp_namespace = "${csharpNamespace(file)}";`;
    const contents = `${text.replaceAll(NAMESPACE, '').trimEnd()}\n\n${option}\n`;
    return [{ path: `${PROTO_FOLDER}/${path}`, contents, write: 'always' }];
  });
}
