/** What packages and handles are called, and what is said of those that are not there. */

import { DomainError, invalid } from './errors';

const NAME = /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/;
const HANDLE = /^[A-Za-z0-9][\w.-]*$/;
/** In characters, which are ASCII: of a package's name or handle, */
export const MAX_PACKAGE_NAME = 200;
/** its version */
export const MAX_VERSION = 128;
/** and a node's name. */
export const MAX_NODE_NAME = 128;

/** @throws DomainError INVALID_ARGUMENT. */
export function parsePackageName(name: string): string {
  if (name.length > MAX_PACKAGE_NAME || !NAME.test(name)) {
    throw invalid({ field: 'name', description: 'is not handle/package-name' });
  }
  return name;
}

/** @throws DomainError INVALID_ARGUMENT. */
export function parsePackageVersion(version: string): string {
  if (version === '' || version.length > MAX_VERSION) {
    throw invalid({ field: 'version', description: 'is not a version that can be published, such as 0.1.0' });
  }
  return version;
}

/** @throws DomainError INVALID_ARGUMENT. */
export function parseHandle(handle: string): string {
  if (handle.length > MAX_PACKAGE_NAME || !HANDLE.test(handle)) {
    throw invalid({ field: 'handle', description: 'is not the part of a package name before the slash' });
  }
  return handle;
}

/** The part of a package's name before the slash: it belongs to a tenant. */
export function handleOf(name: string): string {
  return name.slice(0, name.indexOf('/'));
}

export function packageNotFound(): DomainError {
  return new DomainError(
    'NOT_FOUND',
    'no such package or version is published; list the packages to see which are',
    'PACKAGE_NOT_FOUND',
  );
}
