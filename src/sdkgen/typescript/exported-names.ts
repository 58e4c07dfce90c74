/** By what name a node's file exports its handler, where JavaScript reserves the platform's name. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NodeModel, PackageModel } from '../language';
import { lowerFirst } from '../../validate/languages/common/naming';

/** `delete` instead of `delete_` for a file that says `export { remove as delete }`. */
export function exportedNames({ root, nodes }: PackageModel): Promise<readonly NodeModel[]> {
  return Promise.all(
    nodes.map(async (node) => {
      const name = lowerFirst(node.manifest.name);
      if (name === node.functionName) return node;
      const source = await readFile(join(root, 'nodes', `${node.snakeName}.ts`), 'utf8').catch(() => '');
      const renamed = new RegExp(`\\bexport\\s*\\{[^}]*\\bas\\s+${name}\\b`).test(source);
      return renamed ? { ...node, functionName: name } : node;
    }),
  );
}
