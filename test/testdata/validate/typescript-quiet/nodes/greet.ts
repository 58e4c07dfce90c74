// Reads in many shapes, one a line; what is expected of each stands in expected.json.
import { createHmac } from 'node:crypto';
export async function greet(ax: AxiomContext, input: A): Promise<B> {
  const [key, ok] = ax.secrets.get('K');
  const out = new B();
  if (!ok) { ax.log.error('K missing', { name: 'K' }); out.setError('K is not configured'); return out; }
  ax.log.info('have', { length: key.length, set: !!key, starts: key.startsWith('sk-'), same: key === input.getText() });
  const client = new Client({ apiKey: key, base: 'x' });
  const res = await client.messages.create({ text: input.getText() });
  const sig = createHmac('sha256', key).update('x').digest('hex');
  const headers = { authorization: `Bearer ${key}`, accept: 'json' };
  ax.log.debug('headers', { names: Object.keys(headers), accept: headers.accept });
  const r = await fetch('https://x', { headers });
  const body = await r.json();
  out.setText(body.text.replaceAll(key, '***'));
  out.setSig(sig);
  out.setCount(res.items.filter((i: any) => i.key !== key).length);
  out.setOk(Boolean(key));
  try { await call(key); } catch (e) { ax.log.error('failed', { error: (e as Error).message }); out.setError(String(e)); }
  { const key = input.getText(); ax.log.info('other', { key }); out.setName(key); }
  const use = (key: string) => ax.log.info('param', { key });
  use(input.getText());
  const { length } = key;
  out.setLength(length);
  return out;
}
async function call(k: string) {}
