/** TypeScript imports files by relative paths, or by paths that a bundler maps. */

import type { SourceFile } from '../../ir/program';
import { folderOf, normalize, stemOf, type ImportRules, type ModuleFiles } from '../common/modules';

export const IMPORTS: ImportRules = {
  starImports: false,
  foldersAreModules: false,
  modulesByName: false,
  typesInSight: false,
  valuesInSight: false,
  importsClasses: false,
  namespaces: false,
  innerModules: false,
  filesOf: (index, from, module) => relative(index, from, module[0] ?? ''),
};

function relative({ byStem }: ModuleFiles, from: SourceFile, source: string): readonly SourceFile[] {
  if (!source.startsWith('.') && !/^(?:@|~|src)\//.test(source)) return [];
  const stem = (source.split('/').at(-1) ?? '').replace(/\.[cm]?[jt]sx?$/, '');
  const wanted = normalize(folderOf(from.path) + source).replace(/\.[cm]?[jt]sx?$/, '');
  const name = stem === '.' || stem === '..' || stem === '' ? (wanted.split('/').at(-1) ?? '') : stem;
  const found = byStem.get(name) ?? [];
  const exact = found.filter((f) => stemOf(f.path) === wanted || stemOf(f.path) === `${wanted}/index`);
  return exact.length > 0 || source.startsWith('.') ? exact : found;
}
