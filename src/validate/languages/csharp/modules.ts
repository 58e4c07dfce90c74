/** C# sees the classes of its namespace and of those that it uses. */

import { filesByPath, type ImportRules } from '../common/modules';

export const IMPORTS: ImportRules = {
  starImports: false,
  foldersAreModules: false,
  modulesByName: false,
  typesInSight: true,
  valuesInSight: false,
  importsClasses: true,
  namespaces: true,
  innerModules: false,
  filesOf: (index, from, module) => filesByPath(index, from, module, true),
};
