/** Whom a client certificate names, by its alternative names as node:tls writes them. */

import { expect, it } from '@jest/globals';
import { workloadOf } from '../../src/wire/workload';

it.each([
  ['an engine', 'URI:spiffe://axiom/engine/checkout', { kind: 'engine', id: 'engine:checkout' }],
  ['a sidecar', 'URI:spiffe://axiom/sidecar/node-7.eu', { kind: 'sidecar', id: 'sidecar:node-7.eu' }],
  ['one beside a host', 'DNS:pay, URI:spiffe://axiom/engine/a', { kind: 'engine', id: 'engine:a' }],
  [
    'one of the longest name',
    `URI:spiffe://axiom/engine/${'a'.repeat(63)}`,
    { kind: 'engine', id: `engine:${'a'.repeat(63)}` },
  ],
])('A certificate names %s', (_whom, altNames, workload) => expect(workloadOf(altNames)).toEqual(workload));

it.each([
  ['that has no alternative names', undefined],
  ['that has no URI', 'DNS:engine.example.com, IP Address:10.0.0.7'],
  ['of another trust domain', 'URI:spiffe://other/engine/checkout'],
  ['of another kind', 'URI:spiffe://axiom/operator/checkout'],
  ['of an engine without a name', 'URI:spiffe://axiom/engine/'],
  ['of too long a name', `URI:spiffe://axiom/engine/${'a'.repeat(64)}`],
  ['of a name with more behind it', 'URI:spiffe://axiom/engine/checkout/sidecar'],
  ['of a name with more before it', 'URI:https://x/spiffe://axiom/engine/checkout'],
  ['of a name with a line break', 'URI:spiffe://axiom/engine/checkout\n'],
  ['of two workloads', 'URI:spiffe://axiom/engine/checkout, URI:spiffe://axiom/sidecar/checkout'],
  ['of one workload twice', 'URI:spiffe://axiom/engine/checkout, URI:spiffe://axiom/engine/checkout'],
  ['of a workload and another URI', 'URI:spiffe://axiom/engine/checkout, URI:https://example.com'],
  [
    'of a workload within a host’s name',
    String.raw`DNS:"a\u002c URI:spiffe://axiom/engine/checkout\u002c b"`,
  ],
  ['that has it as a host', 'DNS:spiffe://axiom/engine/checkout'],
])('A certificate %s names nobody', (_what, altNames) => {
  expect(() => workloadOf(altNames)).toThrow(
    expect.objectContaining({ code: 'UNAUTHENTICATED', reason: 'CERTIFICATE_NOT_A_WORKLOAD' }),
  );
});
