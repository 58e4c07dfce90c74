/** What a caller and the log learn of a handler's error. */

import { dirname } from 'node:path';
import { failurePlace, nodeError } from '../gen/axiom/failure';
import { AxiomNodeError } from '../gen/axiomContext';

const ROOT = dirname(__dirname);

describe('the error event', () => {
  it('holds the text of a typed node error, also of a second copy of its class', () => {
    const copy = { axiomNodeError: () => ({ code: 'C', message: 'm', detail: 'd' }) };
    for (const error of [new AxiomNodeError('C', 'm', 'd'), copy]) {
      expect(nodeError(error).toObject()).toEqual({ typed: true, code: 'C', message: 'm', detail: 'd' });
    }
  });

  it('holds text that Protobuf takes, whatever the package wrote', () => {
    const event = nodeError(new AxiomNodeError('C', 'half \ud83d of a pair'));
    expect(Buffer.from(event.serializeBinary()).toString()).toContain('half \ufffd of a pair');
  });

  it.each([[new Error('secret')], ['secret'], [undefined], [null], [{ message: 'secret', code: 'C' }]])(
    'holds one fixed sentence for %p',
    (error) => {
      const message = 'The node failed; its log has the reason.';
      expect(nodeError(error).toObject()).toEqual({ typed: false, code: '', message, detail: '' });
    },
  );
});

describe('an error that fails when it is looked at', () => {
  it('is masked like any other', () => {
    const refuse = (): never => {
      throw new Error('secret');
    };
    const error = Object.defineProperty(new Error('secret'), 'stack', { get: refuse });
    expect(failurePlace(error, ROOT)).toEqual({ error: 'Error', frames: [] });
    expect(nodeError({ axiomNodeError: refuse }).getTyped()).toBe(false);
    expect(nodeError(new Proxy({}, { get: refuse })).getTyped()).toBe(false);
  });
});

describe('the place of a failure', () => {
  it("is the error's class and the package's own frames", () => {
    const place = failurePlace(new RangeError('secret'), ROOT);
    expect(place.error).toBe('RangeError');
    expect(place.frames[0]).toMatch(/^test\/failure\.test\.ts:\d+:\d+$/);
    expect(place.frames.join()).not.toContain('node_modules');
  });

  it('never holds what the error says, even where that looks like frames', () => {
    const error = new Error(`no\n    at secret (/secret/file.ts:1:1)\n    at ${ROOT}/secret.ts:1:2`);
    error.name = 'secret';
    expect(JSON.stringify(failurePlace(error, ROOT))).not.toContain('secret');
  });

  it('is the kind of a thrown value that is no error', () => {
    expect(failurePlace('secret', ROOT)).toEqual({ error: 'a thrown string', frames: [] });
  });
});
