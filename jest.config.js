// One configuration for every suite: TypeScript through SWC, no type check (the build does that).
/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: '<rootDir>/test/support/jest-environment.cjs',
  moduleNameMapper: { '^better-sqlite3$': '<rootDir>/test/support/better-sqlite3.cjs' },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {
    '^.+\\.[cm]?[jt]s$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
        sourceMaps: true,
      },
    ],
  },
  // Packages that ship ES modules only; jest has no require(esm).
  transformIgnorePatterns: ['/node_modules/(?!(jose|openid-client|oauth4webapi|hpke|@panva|oidc-provider)/)'],
  // jest leaves one core idle by default; most of these tests wait for processes.
  maxWorkers: '100%',
  // A bound for what hangs, never a measure: machines are busy.
  testTimeout: 300_000,
  collectCoverageFrom: [
    'src/{domain,crypto,store,management,execution,wire,sidecar,server,validate,sdkgen,cli}/**/*.ts',
  ],
  coverageDirectory: 'coverage',
  coverageReporters: ['text-summary', 'json-summary'],
};
