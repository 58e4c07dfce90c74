/** The six languages, each loaded when a package first needs it. */

import { DomainError } from '../domain/errors';
import type { Language } from '../manifest/manifest';
import type { LanguageSupport } from './language';

/** Loads one language's support. Throws UNIMPLEMENTED where this build does not hold it. */
export function languageSupport(language: Language): LanguageSupport {
  let loaded: Readonly<Record<string, LanguageSupport | undefined>>;
  try {
    // A dynamic import would need the file's extension, which differs between sources and build.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    loaded = require(`./${language}/index`) as typeof loaded;
  } catch (error) {
    if (!isMissing(error, language)) throw error;
    loaded = {};
  }
  const support = loaded[`${language}Support`];
  if (support) return support;
  throw new DomainError(
    'UNIMPLEMENTED',
    `this build of axiom has no support for ${language} packages; install a release that lists it`,
    'LANGUAGE_UNSUPPORTED',
  );
}

/** True when the language's own module is what is missing, not something that it needs. */
function isMissing(error: unknown, language: Language): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return code === 'MODULE_NOT_FOUND' && (message ?? '').includes(`./${language}/index`);
}
