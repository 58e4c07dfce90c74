/** @peculiar/x509 over Node's own cryptography; it wants its polyfill loaded first. */

import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

export const PROVIDER = webcrypto as never;

// The types of a browser's Crypto and of Node's differ where tests are checked with both.
x509.cryptoProvider.set(PROVIDER);

export { x509 };
