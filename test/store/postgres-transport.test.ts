/** What a connection URL must say before a password is sent to a PostgreSQL elsewhere. */

import { describe, expect, it } from '@jest/globals';
import { checkTransport } from '../../src/store/postgres/transport';

const elsewhere = 'postgresql://user:secret@db.example.com/axiom';

describe('A PostgreSQL elsewhere', () => {
  it.each([
    ['says nothing of TLS', ''],
    ['does without it', '?sslmode=disable'],
    ['prefers it', '?sslmode=prefer'],
    ['takes any certificate', '?sslmode=require'],
    ['looks at no name', '?sslmode=verify-ca'],
    ['takes back what it said', '?sslmode=verify-full&sslmode=disable'],
    ['takes it back first', '?sslmode=no-verify&sslmode=verify-full'],
  ])('is refused where the URL %s, and the password is not repeated', (_what, query) => {
    const check = () => checkTransport(elsewhere + query, false);
    expect(check).toThrow(
      /PostgreSQL at db\.example\.com does not say sslmode=verify-full; .*--insecure-postgres/,
    );
    expect(check).not.toThrow(/secret/);
    expect(() => checkTransport(elsewhere + query, true)).not.toThrow();
  });

  it('is taken where its certificate and name are checked, each of several', () => {
    expect(() => checkTransport(`${elsewhere}?sslmode=verify-full`, false)).not.toThrow();
    const several = 'postgresql://user@localhost,db.example.com/axiom';
    expect(() => checkTransport(`${several}?sslmode=verify-full`, false)).not.toThrow();
    expect(() => checkTransport(several, false)).toThrow(/db\.example\.com/);
  });
});

describe('A PostgreSQL on this machine', () => {
  it.each([
    'postgresql://user@localhost/axiom',
    'postgresql://user@127.0.0.1:5433/axiom',
    'postgresql://user@[::1]/axiom',
    'postgresql:///axiom?host=/var/run/postgresql',
  ])('needs no TLS: %s', (url) => {
    expect(() => checkTransport(url, false)).not.toThrow();
  });
});
