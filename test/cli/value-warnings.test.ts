/** What is warned of in a value, in the console, in the command line and in imports: one list. */

import { describe, expect, it } from '@jest/globals';
import { mendValue, warningsAbout } from '../../src/domain/value-warnings';

const bytes = (value: string) => new TextEncoder().encode(value);
const kinds = (value: string | Uint8Array) =>
  warningsAbout(typeof value === 'string' ? bytes(value) : value).map(({ kind }) => kind);

const PEM = '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----';

describe('Warnings about a value', () => {
  it.each([
    ['a trailing newline', 'sk-live-1\n', 'line-break', 'sk-live-1'],
    ['a trailing Windows newline', 'sk-live-1\r\n', 'line-break', 'sk-live-1'],
    ['two newlines after a PEM', `${PEM}\n\n`, 'line-break', PEM],
    ['a PEM whose line breaks are doubled', PEM.replaceAll('\n', '\n\n'), 'doubled-line-breaks', PEM],
    ['a space at the end', 'sk-live-1 ', 'space', 'sk-live-1'],
    ['a no-break space at the start', '\u00a0sk-live-1', 'space', 'sk-live-1'],
    ['surrounding double quotes', '"sk-live-1"', 'quotes', 'sk-live-1'],
    ['surrounding single quotes', "'sk-live-1'", 'quotes', 'sk-live-1'],
    ['NAME=value pasted whole', 'API_KEY=sk-live-1', 'assignment', 'sk-live-1'],
    ['export NAME=value', 'export API_KEY=sk-live-1', 'assignment', 'sk-live-1'],
    ['a byte order mark', '\ufeffsk-live-1', 'byte-order-mark', 'sk-live-1'],
    ['a zero-width space', 'sk-\u200blive-1', 'invisible', 'sk-live-1'],
    ['a NUL', 'sk-\0live-1', 'invisible', 'sk-live-1'],
    ["a terminal's escape sequence", 'sk-live-1\x1b', 'invisible', 'sk-live-1'],
    ['a soft hyphen', 'sk-\u00adlive-1', 'invisible', 'sk-live-1'],
    ['a PEM with \\n', PEM.replaceAll('\n', '\\n'), 'escaped-pem', PEM],
  ])('tell of %s, and it can be mended', (_what, value, kind, mended) => {
    const found = warningsAbout(bytes(value));
    expect(found.map((one) => one.kind)).toEqual([kind]);
    expect(new TextDecoder().decode(mendValue(bytes(value), found[0]!))).toBe(mended);
  });

  it('tell of UTF-16, with its mark and without', () => {
    expect(kinds(Buffer.from('\ufeffsk-live-1', 'utf16le'))).toEqual(['utf-16']);
    expect(kinds(Buffer.from('sk-live-1', 'utf16le'))).toEqual(['utf-16']);
    expect(kinds(Buffer.from('sk-live-1', 'utf16le').swap16())).toEqual(['utf-16']);
  });

  it('tell of several lines of NAME=value', () => {
    expect(kinds('first line here\nAPI_KEY=sk-live-1')).toEqual(['assignments']);
  });

  it.each([
    ...[
      '<redacted>',
      '[REDACTED]',
      '********',
      '••••',
      '••••••••1234',
      'sk****yy',
      'axk_1234…abcd',
      'sk-...wxyz',
    ],
    ...['***MASKED***', 'abc●●●●'],
  ])('take %s for a mask that was pasted back', (value) => expect(kinds(value)).toEqual(['mask']));

  it.each([
    ...[
      'changeme',
      'your-api-key',
      '<your key here>',
      'TODO',
      'xxxx',
      '${API_KEY}',
      '{{ api_key }}',
      'sk-...',
    ],
    ...['...', 'insert key here', 'password', '[your key]'],
  ])('take %s for placeholder text', (value) => expect(kinds(value)).toEqual(['placeholder']));

  it.each(['true', '8080', 'prod', 'production', 'us-east-1', 'localhost', '1', 'no'])(
    'tell that masking %s would spoil logs',
    (value) => expect(kinds(value)).toEqual(['common']),
  );

  it.each([
    'sk-ant-api03-6jR_x-9',
    'postgres://user:pass@host/db?sslmode=require',
    PEM,
    `${PEM}\n`,
    `${PEM.replaceAll('\n', '\r\n')}\r\n`,
    `${PEM}\n${PEM}\n`,
    '{"type":"service_account","private_key":"-----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----\\n"}',
    'dGVzdHRlc3Q=',
    'MZXW6YTBOI======',
    'ABCDEFGH==',
    'correct horse battery staple',
    'a heading\n\nand two lines\nof text',
    'two\n\nparagraphs',
    "it's a long way",
    'pässwörd-日本',
    '👩‍🚀'.replace('\u200d', ''),
  ])('say nothing of %j', (value) => expect(kinds(value)).toEqual([]));

  it('never repeat any of the value', () => {
    const said = JSON.stringify(warningsAbout(bytes(' API_KEY="CANARY"\n')));
    expect(said).not.toContain('CANARY');
  });

  it('are linear in a value as long as one may be', () => {
    const values = ['-----BEGIN ', '\n_=', '\u200b', 'A=', ' ', '\\n'].map((one) =>
      one.repeat(65_536 / one.length),
    );
    const start = process.cpuUsage();
    for (const value of values) kinds(value);
    expect(process.cpuUsage(start).user).toBeLessThan(5_000_000);
  });
});
