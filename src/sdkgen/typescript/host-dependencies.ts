/**
 * The npm packages that a TypeScript package is run, compiled and tested with, where it does not name its
 * own.
 */

/** Current versions that take Node 20. */
export const RUNTIME_DEPENDENCIES: Readonly<Record<string, string>> = {
  '@grpc/grpc-js': '^1.14.7',
  'google-protobuf': '^4.0.3',
};

export const DEVELOPMENT_DEPENDENCIES: Readonly<Record<string, string>> = {
  '@types/google-protobuf': '^3.15.12',
  '@types/jest': '^30.0.0',
  '@types/node': '^20.19.43',
  jest: '^30.5.2',
  'ts-jest': '^29.4.15',
  typescript: '~6.0.3',
};
