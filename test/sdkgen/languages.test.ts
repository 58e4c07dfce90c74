import { describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { LANGUAGES } from '../../src/manifest/manifest';
import { languageSupport } from '../../src/sdkgen/languages';
import { stubsDir } from '../../src/sdkgen/stubs';

describe('Every language that axiom.yaml may name', () => {
  it.each(LANGUAGES)('%s is supported, with its stubs', (language) => {
    expect(languageSupport(language).language).toBe(language);
    expect(existsSync(stubsDir(language))).toBe(true);
  });
});
