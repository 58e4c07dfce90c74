/** @peculiar/x509 over Node's own cryptography; it wants its polyfill loaded first. */

import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto);

export { x509 };
