import type { AxiomContext } from '../gen/axiomContext';
import { A, B } from '../gen/messages_pb';

const KEYS: Record<string, string> = { a: 'KEY_A', b: 'KEY_B' };
const getSecret = (ax: AxiomContext) => (name: string) => ax.secrets.get(name);

export async function reuse(ax: AxiomContext, input: A): Promise<B> {
  const get = (n: string) => ax.secrets.get(n)[0];
  const one = get('ONE');
  const two = getSecret(ax)('TWO');
  {
    const value = input.getName();
    ax.log.info('name', { value });
  }
  for (const k of Object.values(KEYS)) {
    const [value, ok] = ax.secrets.get(k);
    if (!ok) throw new Error(`missing ${k}`);
  }
  for (const { name } of [{ name: 'OBJ_ONE' }, { name: 'OBJ_TWO' }]) ax.secrets.get(name);
  let key = '';
  try {
    [key] = ax.secrets.get('THREE');
  } catch (e) {
    ax.log.error(String(e));
  }
  const results = await Promise.all(['P_ONE', 'P_TWO'].map(async (n) => ax.secrets.get(n)));
  const out = new B();
  out.setN(results.length + (ax.secrets.get('FOUR')[1] ? 1 : 0));
  return out;
}
