// Style that a machine can check; formatting is prettier's.

import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      'src/gen/**',
      'coverage/**',
      'test-output/**',
      'test/testdata/**',
      'test/conformance/packages/**',
    ],
  },
  ...tseslint.configs.recommended,
  {
    rules: {
      eqeqeq: ['error', 'smart'],
      'no-console': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
    },
  },
  {
    // A promise that nobody waits for loses its error; in a test it loses the assertion.
    files: ['src/**/*.{ts,tsx}', 'test/**/*.{ts,tsx}'],
    languageOptions: {
      parserOptions: {
        project: ['tsconfig.json', 'src/console/tsconfig.json', 'test/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
    },
  },
  {
    files: ['src/{crypto,domain,execution,management,server}/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'randomness comes from node:crypto' },
      ],
    },
  },
  {
    // What is known of a language is in its folder; what all of them share, and the analysis, ask for facts.
    files: ['src/validate/{ir,analysis}/**', 'src/validate/languages/common/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'Literal[value=/^(python|go|typescript|rust|java|csharp)$/]',
          message: "no file here knows a language; put what it needs to know into the language's own folder",
        },
        {
          selector: 'Literal[regex.pattern=/(python|typescript|rust|java|csharp)/]',
          message: "no file here knows a language; put what it needs to know into the language's own folder",
        },
      ],
    },
  },
  {
    files: ['test/**', 'bench/**', 'scripts/**', '**/*.cjs'],
    rules: { 'no-console': 'off', '@typescript-eslint/no-require-imports': 'off' },
  },
);
