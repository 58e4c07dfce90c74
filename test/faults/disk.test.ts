/** A disk that fails `axiom serve` for a moment: what is refused is not carried out, and what was acknowledged stays. */

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeIf } from '../support/needs';
import { codeOf, eventually, readAll, startFaultService, valueOf, type FaultService } from './fault-service';
import { CALLS, isShimRequired, missingCompiler } from './storage-shim';

let service: FaultService;

beforeAll(async () => {
  if (missingCompiler() === undefined) service = await startFaultService();
});
afterAll(() => service?.stop());

const add = (name: string, value: string) =>
  service.doors.secrets.addSecret({ name, content: valueOf(value) }, service.doors.admin());
const replace = (name: string, value: string) =>
  service.doors.secrets.replaceSecret({ name, content: valueOf(value) }, service.doors.admin());

describeIf(missingCompiler(), isShimRequired, 'A disk that does not confirm one write', () => {
  it('has nothing carried out that is refused after it, and the process is started again', async () => {
    const { shim, serve } = service;
    await add('A', 'kept');
    // Each, because the other process waits for the disk too: it signs checkpoints.
    shim.set({ calls: CALLS.sync, nth: 1, error: 'EIO', repeat: 1_000_000 });
    expect(await codeOf(replace('A', 'unconfirmed'))).toBe('UNAVAILABLE');
    shim.clear();
    const later = await Promise.all(['B', 'C', 'D'].map((name) => codeOf(add(name, 'later'))));
    const values = await eventually(() => readAll(service.doors));
    // What the disk did not confirm may be kept or not; what was refused after it was not carried out.
    expect(['kept', 'unconfirmed']).toContain(values.get('A'));
    ['B', 'C', 'D'].forEach((name, index) =>
      expect([name, values.get(name)]).toEqual([name, later[index] === 'OK' ? 'later' : undefined]),
    );
    await eventually(() => replace('A', 'after'));
    expect((await eventually(() => readAll(service.doors))).get('A')).toBe('after');
    expect(serve.log()).toContain('the disk did not confirm a write; ending, to read anew what is kept');
    expect(serve.log()).toContain('a server process died; starting it again');
  });
});

describeIf(missingCompiler(), isShimRequired, 'One read that fails', () => {
  it('is tried again, and nobody learns of it', async () => {
    const { shim, doors } = service;
    await eventually(() => replace('A', 'value'));
    let failed = 0;
    for (let nth = 1; nth <= 4; nth++) {
      // Another process's write: what the management server has in memory of the file is read anew.
      await readAll(doors);
      shim.set({ calls: CALLS.read, nth, error: 'EIO' });
      const { secrets } = await doors.secrets.listSecretNames({}, doors.admin());
      expect(secrets.map(({ name }) => name)).toContain('A');
      failed += shim.seen.fired;
      shim.clear();
    }
    expect(failed).toBeGreaterThan(0);
    expect((await readAll(doors)).get('A')).toBe('value');
  });

  it('in the middle of a write is tried again too, with the whole write', async () => {
    const { shim, doors } = service;
    await eventually(() => replace('A', 'value'));
    let failed = 0;
    for (let nth = 1; nth <= 8; nth++) {
      await readAll(doors);
      shim.set({ calls: CALLS.read, nth, error: 'EIO' });
      await replace('A', `value ${nth}`);
      failed += shim.seen.fired;
      shim.clear();
      expect((await readAll(doors)).get('A')).toBe(`value ${nth}`);
    }
    expect(failed).toBeGreaterThan(4);
  });

  it('again and again is UNAVAILABLE and never DATA_LOSS, and health and values come back', async () => {
    const { shim } = service;
    const { doors } = service;
    await eventually(() => replace('A', 'value'));
    shim.set({ calls: CALLS.read, nth: 1, error: 'EIO', repeat: 1_000_000 });
    const codes = [];
    for (let call = 0; call < 5; call++) codes.push(await codeOf(readAll(doors)));
    expect(shim.seen.fired).toBeGreaterThan(0);
    expect(codes.filter((code) => code !== 'OK' && code !== 'UNAVAILABLE')).toEqual([]);
    shim.clear();
    expect((await eventually(() => readAll(doors))).get('A')).toBe('value');
  });
});
