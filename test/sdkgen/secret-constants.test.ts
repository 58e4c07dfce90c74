/** The constants of declared names, by hand: alike in every language that has them. */

import { describe, expect, it } from '@jest/globals';
import { NAMES_OF } from '../../src/validate/languages/names';

const DECLARED = [
  'API_KEY',
  'OAUTH2TOKEN',
  'OPENAIKEY',
  'OPENAI_KEY',
  'apiKey',
  'class',
  'CLASS',
  'a-b',
  'a.b',
  'stripe.api-key',
];

/** Of API_KEY and apiKey, and of class and CLASS, one constant would stand for both; a-b and a.b differ in signs only. */
const CONSTANTS = {
  go: [
    'SecretName_API_KEY',
    'SecretNameOauth2token',
    'SecretNameOpenaikey',
    'SecretNameOpenaiKey',
    'SecretName_apiKey',
    'SecretName_class',
    'SecretName_CLASS',
    'SecretName_a_2d_b',
    'SecretName_a_2e_b',
    'SecretNameStripeApiKey',
  ],
  java: [
    'API_KEY',
    'OAUTH2TOKEN',
    'OPENAIKEY',
    'OPENAI_KEY',
    'apiKey',
    'class_',
    'CLASS',
    'a_2d_b',
    'a_2e_b',
    'STRIPE_API_KEY',
  ],
  csharp: [
    'API_KEY',
    'OAUTH2TOKEN',
    'OPENAIKEY',
    'OPENAI_KEY',
    'apiKey',
    '@class',
    'CLASS',
    'a_2d_b',
    'a_2e_b',
    'STRIPE_API_KEY',
  ],
  rust: [
    'API_KEY',
    'OAUTH2TOKEN',
    'OPENAIKEY',
    'OPENAI_KEY',
    'apiKey',
    'class',
    'CLASS',
    'a_2d_b',
    'a_2e_b',
    'STRIPE_API_KEY',
  ],
} as const;

describe('The constants of declared secrets', () => {
  it.each(Object.entries(CONSTANTS))(
    'in %s are one for each name, which is spelt as it is where two would be the same',
    (language, constants) => {
      const made = NAMES_OF[language as keyof typeof CONSTANTS].constants?.(DECLARED);
      expect(DECLARED.map((name) => made?.get(name))).toEqual([...constants]);
    },
  );

  it('are types instead in Python and TypeScript', () => {
    expect(NAMES_OF.python.constants).toBeUndefined();
    expect(NAMES_OF.typescript.constants).toBeUndefined();
  });
});
