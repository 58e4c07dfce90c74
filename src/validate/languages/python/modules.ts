/** Python imports modules by dotted paths, from the package or from beside the file. */

import { filesByPath, type ImportRules } from '../common/modules';

export const IMPORTS: ImportRules = {
  starImports: true,
  foldersAreModules: false,
  modulesByName: false,
  typesInSight: false,
  valuesInSight: false,
  importsClasses: false,
  namespaces: false,
  innerModules: true,
  filesOf: (index, from, module) => filesByPath(index, from, module, false),
};
