// What Tink for Python sealed in format version 2 opens for ever, and what has one fault does not.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { tenantOpener } from '../../src/crypto/open/tenant-opener';
import { createAead } from '../../src/crypto/tink/aead';
import { generateAeadKeyset } from '../../src/crypto/tink/generate';
import { createHybridDecrypt } from '../../src/crypto/tink/hybrid-decrypt';
import { parseSecretName, parseTenantId } from '../../src/domain/ids';
import { parseScopeKey } from '../../src/domain/scope';

interface Sealed {
  readonly tenantId: string;
  readonly scope: string;
  readonly name: string;
  readonly sealId: string;
  readonly ciphertext: string;
}

const vectors = JSON.parse(readFileSync(join(__dirname, '../testdata/crypto/format-2.json'), 'utf8')) as {
  readonly privateKeyset: string;
  readonly valid: readonly (Sealed & { readonly value: string })[];
  readonly invalid: readonly (Sealed & { readonly fault: string })[];
};
const raw = (hex: string) => Buffer.from(hex, 'hex');

async function open({ tenantId, scope, name, sealId, ciphertext }: Sealed): Promise<Uint8Array> {
  const opener = tenantOpener(
    async () => createHybridDecrypt(raw(vectors.privateKeyset)),
    createAead(await generateAeadKeyset()),
  );
  const place = {
    tenantId: parseTenantId(tenantId),
    scope: parseScopeKey(scope),
    name: parseSecretName(name),
  };
  return (await opener.openSecret(raw(ciphertext), { ...place, sealId: raw(sealId) })).expose();
}

describe('format version 2', () => {
  it('opens what another Tink sealed as docs/format.md tells it', async () => {
    expect(vectors.valid).toHaveLength(8);
    for (const sealed of vectors.valid) expect(Buffer.from(await open(sealed))).toEqual(raw(sealed.value));
  });

  it.each(vectors.invalid.map((sealed): [string, Sealed] => [sealed.fault, sealed]))(
    'does not open: %s',
    async (_, sealed) => {
      await expect(open(sealed)).rejects.toMatchObject({ reason: 'CIPHERTEXT_DOES_NOT_OPEN' });
    },
  );
});
