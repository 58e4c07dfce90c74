/** Tests that need a language's toolchain: skipped, and said so, where it is not there and not required. */

import { it } from '@jest/globals';
import type { Language } from '../../src/manifest/manifest';
import type { LanguageSupport } from '../../src/sdkgen/language';

/** Time for a first build, which compiles the language's gRPC. */
export const BUILD_TIME_MS = 900_000;

/** What is missing of the toolchain; throws where AXIOM_REQUIRE_LANGUAGES names the language. */
export async function toolchainOf(support: LanguageSupport): Promise<{ missing: string | undefined }> {
  const missing = await support.missingToolchain();
  if (missing !== undefined && isRequired(support.language)) throw new Error(missing);
  return { missing };
}

function isRequired(language: Language): boolean {
  return (process.env.AXIOM_REQUIRE_LANGUAGES ?? '').split(',').includes(language);
}

/** `it`, but for a machine without the toolchain. */
export function itWith(
  toolchain: () => Promise<{ missing: string | undefined }>,
): (name: string, body: () => Promise<void>) => void {
  return (name, body) =>
    it(
      name,
      async () => {
        const { missing } = await toolchain();
        if (missing === undefined) await body();
        else console.warn(`SKIP: ${missing}`);
      },
      BUILD_TIME_MS,
    );
}
