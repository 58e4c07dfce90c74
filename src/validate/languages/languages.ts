/** The languages that nodes are written in. */

import type { Language } from '../../manifest/manifest';
import type { LanguageReader } from './common/language-reader';
import { CSHARP } from './csharp';
import { GO } from './go';
import { JAVA } from './java';
import { PYTHON } from './python';
import { RUST } from './rust';
import { TYPESCRIPT } from './typescript';

export const LANGUAGE_OF: Readonly<Record<Language, LanguageReader>> = {
  python: PYTHON,
  go: GO,
  typescript: TYPESCRIPT,
  rust: RUST,
  java: JAVA,
  csharp: CSHARP,
};
