// What Node.js prints of a value. Reads values in base64, one a line; writes language, form and text.

import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { format, inspect } from 'node:util';

const failure = (action) => (value) => {
  try {
    action(value);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return value;
};

const FORMS = {
  template: (v) => `${v}`,
  'util.inspect': (v) => inspect(v),
  'util.inspect of an object': (v) => inspect({ key: v, nested: { list: [v] } }),
  'util.format %j': (v) => format('%j', { key: v }),
  'util.format %o': (v) => format('%s and %o', 'a', v),
  'JSON.stringify': (v) => JSON.stringify({ key: v }),
  'JSON within JSON': (v) => JSON.stringify(JSON.stringify({ key: v })),
  "an error's stack": (v) => new Error(`refused: ${v}`).stack.split('\n    at ')[0],
  'readFileSync error': failure((v) => readFileSync(v)),
  encodeURIComponent: (v) => encodeURIComponent(v),
  encodeURI: (v) => encodeURI(v),
  URLSearchParams: (v) => new URLSearchParams({ key: v }).toString(),
  'URL within URL': (v) =>
    new URLSearchParams({ next: `https://a/?key=${encodeURIComponent(v)}` }).toString(),
  base64: (v) => Buffer.from(v).toString('base64'),
  base64url: (v) => Buffer.from(v).toString('base64url'),
  'basic authorization': (v) => Buffer.from(`api:${v}`).toString('base64'),
  hex: (v) => Buffer.from(v).toString('hex'),
  'inspect of a Buffer': (v) => inspect(Buffer.from(v)),
  'JSON of a Buffer': (v) => JSON.stringify(Buffer.from(v)),
  'JSON of a Uint8Array': (v) => JSON.stringify({ key: new TextEncoder().encode(v) }),
  'JSON of a Uint8Array, in lines': (v) =>
    JSON.stringify({ a: { key: new TextEncoder().encode(v) } }, null, 4),
  'inspect of a Uint8Array': (v) => inspect(new Uint8Array(Buffer.from(v)), { maxArrayLength: null }),
  'without the first character': (v) => v.slice(1),
  'last 16 characters': (v) => v.slice(-16),
};

for await (const line of createInterface({ input: process.stdin })) {
  const value = Buffer.from(line, 'base64').toString('utf8');
  for (const [form, textOf] of Object.entries(FORMS))
    console.log(`typescript\t${form}\t${Buffer.from(textOf(value)).toString('base64')}`);
}
