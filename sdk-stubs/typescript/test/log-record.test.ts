/** Log records as they go to the sidecar. */

import { logRecord } from '../gen/axiom/log-record';
import { LogLevel } from '../gen/axiom/node_pb';

describe('a log record', () => {
  it('has its attributes as text: text as it is, anything else as JSON', () => {
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    const record = logRecord(LogLevel.LOG_LEVEL_INFO, 'm', {
      text: 'a "b"',
      number: 1.5,
      truth: false,
      list: [1, { a: null }],
      big: 12n,
      nothing: undefined,
      error: new TypeError('no'),
      loop,
    });
    expect(Object.fromEntries(record.getAttributesMap().toObject())).toEqual({
      text: 'a "b"',
      number: '1.5',
      truth: 'false',
      list: '[1,{"a":null}]',
      big: '12',
      nothing: 'undefined',
      error: 'TypeError: no',
      loop: '[object]',
    });
  });

  it('has its time to the millisecond', () => {
    const record = logRecord(LogLevel.LOG_LEVEL_WARN, 'm', undefined, new Date('2026-06-10T12:00:00.250Z'));
    expect(record.getTime()?.toObject()).toEqual({ seconds: 1781092800, nanos: 250_000_000 });
    expect([record.getLevel(), record.getMessage()]).toEqual([LogLevel.LOG_LEVEL_WARN, 'm']);
  });

  it('can be written whatever it holds', () => {
    const record = logRecord(LogLevel.LOG_LEVEL_INFO, undefined, {
      'half \ud83d': '\udc00',
      symbol: Symbol('s'),
    });
    expect(Buffer.from(record.serializeBinary()).toString()).toContain('half \ufffd');
    expect(record.getMessage()).toBe('undefined');
  });
});
