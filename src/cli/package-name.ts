/** Published packages as commands name them. */

/** `handle/package-name@version`; the version is '' where none is named. */
export function splitName(which: string): { readonly name: string; readonly version: string } {
  const [name = '', version = ''] = which.split('@');
  return { name, version };
}
