/** Java imports classes by their package; classes of the same package need none. */

import { filesByPath, type ImportRules } from '../common/modules';

export const IMPORTS: ImportRules = {
  starImports: false,
  foldersAreModules: false,
  modulesByName: false,
  typesInSight: true,
  valuesInSight: false,
  importsClasses: true,
  namespaces: false,
  innerModules: false,
  filesOf: (index, from, module) => filesByPath(index, from, module, true),
};
