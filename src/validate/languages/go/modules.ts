/** Go imports folders; the files of one folder are one package. */

import type { ImportRules } from '../common/modules';

export const IMPORTS: ImportRules = {
  starImports: true,
  foldersAreModules: true,
  modulesByName: false,
  typesInSight: false,
  valuesInSight: false,
  importsClasses: false,
  namespaces: false,
  innerModules: false,
  filesOf({ byFolder }, _from, module) {
    const folder = module.at(-1) ?? '';
    const found = [...byFolder].filter(([path]) => path === `${folder}/` || path.endsWith(`/${folder}/`));
    return found.flatMap(([, files]) => files);
  },
};
