/** How a package's language is shown: one that this console does not know yet, as it is written. */

import { LANGUAGE_TITLES } from '../../../domain/language-titles';

const TITLES: Readonly<Record<string, string>> = LANGUAGE_TITLES;

export function languageName(language: string): string {
  return TITLES[language] ?? language;
}
