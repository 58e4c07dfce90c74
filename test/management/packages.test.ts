/** Packages: what they declare, whose they are, which secrets a tenant lacks. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { member, openRooms, text, type Rooms } from '../support/rooms';

let rooms: Rooms;
const admin = member();

beforeEach(async () => {
  rooms = await openRooms();
});

afterEach(() => rooms.close());

describe('Packages', () => {
  const manifest = (version: string, name = 'my-org/greeter') =>
    text(
      `name: ${name}\nversion: ${version}\nlanguage: python\nnodes:\n  - {name: Greet, input: A, output: B, required_secrets: [HAVE, LACK]}\n  - {name: Wave, input: A, output: B, required_secrets: [LACK]}\n`,
    );

  it('show required_secrets per node, and which of them this tenant has or lacks', async () => {
    await rooms.secrets.addSecret(admin, { name: 'HAVE', content: { case: 'value', value: text('x') } });
    await rooms.packages.publishPackage(admin, { manifest: manifest('1.0.0') });
    const shown = await rooms.packages.getPackage(admin, { name: 'my-org/greeter' });
    const both = [
      { name: 'HAVE', registered: true, nodes: ['Greet'] },
      { name: 'LACK', registered: false, nodes: ['Greet', 'Wave'] },
    ];
    expect(shown.package).toMatchObject({ requiredSecrets: both });
    await rooms.addTenant('other');
    const others = await rooms.packages.getPackage(member('other'), { name: 'my-org/greeter' });
    expect(others.package).toMatchObject({
      requiredSecrets: both.map((one) => ({ ...one, registered: false })),
    });
  });

  it('never change a published version, and belong to who published under the handle first', async () => {
    await rooms.packages.publishPackage(admin, { manifest: manifest('1.0.0') });
    await expect(rooms.packages.publishPackage(admin, { manifest: manifest('1.0.0') })).rejects.toMatchObject(
      { code: 'ALREADY_EXISTS' },
    );
    await rooms.packages.publishPackage(admin, { manifest: manifest('1.1.0') });
    await rooms.addTenant('other');
    await expect(
      rooms.packages.publishPackage(member('other'), { manifest: manifest('2.0.0') }),
    ).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    await rooms.packages.publishPackage(member('other'), { manifest: manifest('1.0.0', 'their-org/x') });
    const { packages } = await rooms.packages.listPackages(admin);
    expect(packages).toMatchObject([
      { name: 'my-org/greeter', version: '1.1.0', versions: ['1.1.0', '1.0.0'] },
      { name: 'their-org/x' },
    ]);
    expect(
      (await rooms.packages.getPackage(admin, { name: 'my-org/greeter', version: '1.0.0' })).package,
    ).toMatchObject({ version: '1.0.0' });
    await expect(
      rooms.packages.getPackage(admin, { name: 'my-org/greeter', version: '9.9.9' }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(rooms.packages.getPackage(admin, { name: 'nameless' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it('are refused whole when their manifest has an error, with its place', async () => {
    const broken = text('name: my-org/greeter\nversion: one\nlanguage: cobol\n');
    await expect(rooms.packages.publishPackage(admin, { manifest: broken })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    await expect(rooms.packages.publishPackage(admin, { manifest: broken })).rejects.toThrow(
      /line 2.*line 3/s,
    );
    expect((await rooms.packages.listPackages(admin)).packages).toEqual([]);
  });

  it('need a handle to be published under, though not to be built and tested', async () => {
    const publishing = rooms.packages.publishPackage(admin, { manifest: manifest('1.0.0', 'greeter') });
    await expect(publishing).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      fields: [{ field: 'manifest' }],
    });
  });

  it('are answered by every name under which they could be published', async () => {
    await rooms.packages.publishPackage(admin, {
      manifest: text('name: My_Org/Greeter\nversion: 0.1.0\nlanguage: python\n'),
    });
    expect((await rooms.packages.getPackage(admin, { name: 'My_Org/Greeter' })).package?.version).toBe(
      '0.1.0',
    );
  });
});
