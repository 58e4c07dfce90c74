/** `axiom certificates` against a running service: what is issued works, what is revoked stops at once. */

import { X509Certificate } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ExecutionsService } from '../../src/gen/axiom/executions/v1/executions_pb';
import { openChannel, wireClient } from '../../src/wire/client';
import { startServeProcess, type ServeProcess } from '../support/serve-process';
import { Shell } from './axiom';

let folder: string;
let serve: ServeProcess;
let shell: Shell;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'axiom-certificates-'));
  serve = await startServeProcess(join(folder, 'data'));
  shell = new Shell({ AXIOM_DATA_DIR: serve.info.dataDir });
});
afterAll(async () => {
  shell.remove();
  await serve.stop();
  rmSync(folder, { recursive: true, force: true });
});

const certificates = (...args: string[]) => shell.run(['certificates', ...args]);

/** An engine with this certificate, on a connection that stays open. */
function engine(base: string) {
  const channel = openChannel({
    address: serve.info.execution.address,
    tls: {
      ca: readFileSync(serve.info.caCertificate),
      cert: readFileSync(`${base}.crt`),
      key: readFileSync(`${base}.key`),
    },
  });
  return {
    start: () => wireClient(ExecutionsService, channel).startExecution({ tenantId: 'default', flowId: 'f' }),
    close: () => channel.close(),
  };
}

describe('a certificate for an engine', () => {
  it('is issued under its name, works, is listed, and is refused once revoked, on an open connection too', async () => {
    const issued = await certificates('issue', 'engine', 'checkout');
    expect([issued.code, issued.stderr]).toEqual([
      0,
      expect.stringMatching(/workloads\/engine-checkout\.crt/),
    ]);
    const checkout = engine(join(serve.info.dataDir, 'workloads', 'engine-checkout'));
    const local = engine(join(serve.info.dataDir, 'workloads', 'engine'));
    try {
      await expect(checkout.start()).resolves.toMatchObject({ executionId: expect.any(String) });
      const listed = (await certificates('list')).stdout;
      expect(listed).toMatch(/^engine +checkout .* good /m);
      for (const kind of ['engine', 'sidecar', 'sidecar-door', 'management', 'execution'])
        expect(listed).toMatch(new RegExp(`^${kind} +local `, 'm'));

      expect((await certificates('revoke', 'engine', 'checkout')).stderr).toBe('revoked 1 certificate\n');
      const refused = async () =>
        (await checkout.start().catch((error: { reason?: string }) => error)) as object;
      while (!('codeName' in (await refused()))) await new Promise((resolve) => setTimeout(resolve, 100));
      expect(await refused()).toMatchObject({
        codeName: 'UNAUTHENTICATED',
        message: 'the client certificate is revoked; ask the operator for a new one',
      });
      await expect(local.start()).resolves.toMatchObject({ executionId: expect.any(String) });
      expect((await certificates('list')).stdout).toMatch(/^engine +checkout .* revoked /m);
      expect((await certificates('revoke', 'engine', 'checkout')).code).toBe(3);
    } finally {
      checkout.close();
      local.close();
    }
  });

  it('is written elsewhere where that is asked for, with the CA that proves the service', async () => {
    const out = shell.path('for-greeter');
    const { code, stdout } = await certificates(
      'issue',
      'sidecar',
      'greeter',
      '--out',
      out,
      '--days',
      '7',
      '--json',
    );
    expect(code).toBe(0);
    const made = (JSON.parse(stdout) as { certificates: { expires: string }[] }).certificates;
    expect(made).toHaveLength(2);
    for (const { expires } of made)
      expect(Math.round((Date.parse(expires) - Date.now()) / 86_400_000)).toBe(7);
    for (const file of ['ca.crt', 'sidecar-greeter.key', 'sidecar-door-greeter.crt'])
      expect(existsSync(join(out, file))).toBe(true);
  });
});

describe('what was issued and revoked', () => {
  const ca = (file: string) => join(serve.info.dataDir, 'ca', file);
  const serialsAt = (...path: string[]) =>
    readFileSync(join(serve.info.dataDir, ...path), 'utf8').split('\n');
  const serialOf = (base: string) =>
    new X509Certificate(readFileSync(`${base}.crt`)).serialNumber.toLowerCase();

  it('is noted whole after half a line that a crash left in the list', async () => {
    appendFileSync(ca('issued.jsonl'), '{"serial":"0a1b');
    expect((await certificates('issue', 'engine', 'after-crash')).code).toBe(0);
    const listed = (await certificates('list')).stdout;
    expect(listed).toMatch(/^engine +after-crash .* good /m);
    appendFileSync(ca('issued.jsonl'), '{"revoked":"0a');
    expect((await certificates('revoke', 'engine', 'after-crash')).code).toBe(0);
    const serial = serialOf(join(serve.info.dataDir, 'workloads', 'engine-after-crash'));
    for (const folder of ['ca', 'execution', 'workloads'])
      expect(serialsAt(folder, 'revoked-certificates')).toContain(serial);
  });

  it('is not noted as revoked where a door cannot be told, and is revoked by the same command later', async () => {
    expect((await certificates('issue', 'engine', 'leaked')).code).toBe(0);
    const serial = serialOf(join(serve.info.dataDir, 'workloads', 'engine-leaked'));
    const list = join(serve.info.dataDir, 'workloads', 'revoked-certificates');
    renameSync(list, `${list}.aside`);
    mkdirSync(list);
    const failed = await certificates('revoke', 'engine', 'leaked');
    expect([failed.code, failed.stderr]).toEqual([
      7,
      expect.stringMatching(/revoked-certificates is not a file; remove it\n$/),
    ]);
    expect((await certificates('list')).stdout).toMatch(/^engine +leaked .* good /m);
    rmSync(list, { recursive: true });
    renameSync(`${list}.aside`, list);
    expect((await certificates('revoke', 'engine', 'leaked')).stderr).toBe('revoked 1 certificate\n');
    for (const folder of ['execution', 'workloads'])
      expect(serialsAt(folder, 'revoked-certificates')).toContain(serial);
  });
});

describe('wrong usage is told before anything is made:', () => {
  it.each([
    ['no name', ['issue', 'engine']],
    ['a name that is none', ['issue', 'engine', 'a/b']],
    ['a kind that is none', ['issue', 'tenant', 'x']],
    ['a life too long', ['issue', 'engine', 'x', '--days', '1000']],
    ['a serial number that is none', ['revoke', 'serial', 'xyz']],
  ])('%s', async (_what, args) => {
    expect((await certificates(...args)).code).toBe(2);
  });

  it('a certificate where a folder lies in the place of its key, which is named', async () => {
    const key = join(serve.info.dataDir, 'workloads', 'engine-in-the-way.key');
    mkdirSync(key);
    try {
      expect(await certificates('issue', 'engine', 'in-the-way')).toMatchObject({
        code: 1,
        stderr: `error: ${key} is a folder where a file should be; name the file (EISDIR)\n`,
      });
    } finally {
      rmSync(key, { recursive: true });
    }
  });

  it('a second CA is made only where that is said', async () => {
    const { code, stderr } = await certificates('create-ca');
    expect([code, stderr]).toEqual([4, expect.stringMatching(/holds a CA already; use --replace/)]);
  });
});

describe("without the CA's key", () => {
  it('the service starts and serves as before, and no other CA is made', async () => {
    const { dataDir, caCertificate } = serve.info;
    const before = readFileSync(caCertificate, 'utf8');
    await serve.stop();
    rmSync(join(dataDir, 'ca'), { recursive: true });
    serve = await startServeProcess(dataDir);
    const local = engine(join(dataDir, 'workloads', 'engine'));
    try {
      await expect(local.start()).resolves.toMatchObject({ executionId: expect.any(String) });
    } finally {
      local.close();
    }
    expect(readFileSync(caCertificate, 'utf8')).toBe(before);
    expect(existsSync(join(dataDir, 'ca', 'ca.key'))).toBe(false);
    expect((await certificates('issue', 'engine', 'late')).stderr).toMatch(/there is no CA in .*\/ca; give/);
  });
});

describe('another CA', () => {
  it('is made in place of a lost one where that is said: what the first issued is worth nothing then', async () => {
    const { dataDir, caCertificate } = serve.info;
    const former = readFileSync(caCertificate);
    const formerEngine = { cert: readFileSync(join(dataDir, 'workloads', 'engine.crt')) };
    const formerKey = readFileSync(join(dataDir, 'workloads', 'engine.key'));
    await serve.stop();
    const { code, stderr } = await certificates('create-ca', '--replace');
    expect([code, stderr]).toEqual([0, `made a CA; give ${caCertificate} to whoever calls the service\n`]);
    serve = await startServeProcess(dataDir);
    expect(readFileSync(caCertificate).equals(former)).toBe(false);

    const local = engine(join(dataDir, 'workloads', 'engine'));
    await expect(local.start()).resolves.toMatchObject({ executionId: expect.any(String) });
    local.close();
    for (const ca of [former, readFileSync(caCertificate)]) {
      const channel = openChannel({
        address: serve.info.execution.address,
        tls: { ca, ...formerEngine, key: formerKey },
      });
      const call = wireClient(ExecutionsService, channel).startExecution(
        { tenantId: 'default', flowId: 'f' },
        { deadline: Date.now() + 60_000 },
      );
      await expect(call).rejects.toMatchObject({
        codeName: expect.stringMatching(/UNAVAILABLE|UNAUTHENTICATED/),
      });
      channel.close();
    }
  });
});
