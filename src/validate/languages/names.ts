/** The languages' tables of names. */

import type { Language } from '../../manifest/manifest';
import type { SourceNames } from './common/source-names';
import { CSHARP_NAMES } from './csharp/names';
import { GO_NAMES } from './go/names';
import { JAVA_NAMES } from './java/names';
import { PYTHON_NAMES } from './python/names';
import { RUST_NAMES } from './rust/names';
import { TYPESCRIPT_NAMES } from './typescript/names';

export const NAMES_OF: Readonly<Record<Language, SourceNames>> = {
  python: PYTHON_NAMES,
  go: GO_NAMES,
  typescript: TYPESCRIPT_NAMES,
  rust: RUST_NAMES,
  java: JAVA_NAMES,
  csharp: CSHARP_NAMES,
};
