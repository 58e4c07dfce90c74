/** The form warns of what is often wrong with a pasted value. */

import { describe, expect, it } from '@jest/globals';
import { mendValue, warningsAbout } from '../../src/console/app/secrets/value-warnings';

const kinds = (value: string) => warningsAbout(value).map(({ kind }) => kind);

describe('Warnings about a value', () => {
  it.each([
    ['a trailing newline', 'sk-live-1\n', 'line-break', 'sk-live-1'],
    ['a trailing Windows newline', 'sk-live-1\r\n', 'line-break', 'sk-live-1'],
    ['a space at the end', 'sk-live-1 ', 'space', 'sk-live-1'],
    ['surrounding double quotes', '"sk-live-1"', 'quotes', 'sk-live-1'],
    ['surrounding single quotes', "'sk-live-1'", 'quotes', 'sk-live-1'],
    ['NAME=value pasted whole', 'API_KEY=sk-live-1', 'assignment', 'sk-live-1'],
    ['export NAME=value', 'export API_KEY=sk-live-1', 'assignment', 'sk-live-1'],
  ])('tells of %s and can mend it', (_what, value, kind, mended) => {
    const [warning] = warningsAbout(value);
    expect(warning?.kind).toBe(kind);
    expect(mendValue(value, warning ?? { kind: 'placeholder', message: '' })).toBe(mended);
  });

  it.each([
    'changeme',
    'your-api-key',
    '<your key here>',
    'TODO',
    'xxxx',
    '********',
    '${API_KEY}',
    '{{ api_key }}',
    'sk-...',
  ])('takes %s for placeholder text', (value) => expect(kinds(value)).toEqual(['placeholder']));

  it.each([
    'sk-ant-api03-6jR_x-9',
    'postgres://user:pass@host/db?sslmode=require',
    '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----',
    '{"type":"service_account"}',
    'dGVzdA==',
    'correct horse battery staple',
    "it's",
  ])('says nothing of %j', (value) => expect(kinds(value)).toEqual([]));

  it('never repeats any of the value', () => {
    const said = JSON.stringify(warningsAbout(' API_KEY="CANARY"\n'));
    expect(said).not.toContain('CANARY');
  });
});
