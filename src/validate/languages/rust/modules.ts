/** Rust paths start at the crate, at the file's own module or at any module of the crate. */

import { filesByPath, type ImportRules } from '../common/modules';

export const IMPORTS: ImportRules = {
  starImports: false,
  foldersAreModules: false,
  modulesByName: true,
  typesInSight: true,
  valuesInSight: true,
  importsClasses: false,
  namespaces: false,
  innerModules: true,
  filesOf: (index, from, module) => filesByPath(index, from, module, true),
};
