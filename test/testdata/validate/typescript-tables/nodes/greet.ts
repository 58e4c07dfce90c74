// Names in lists, tables, records, closures and helpers of other folders: every way to read one here.
import { A, B } from '../gen/messages_pb';
import type { AxiomContext, AxiomSecrets } from '../gen/axiomContext';
import { fetchKey, Client, Names } from '../src/creds';
import * as creds from '../src/creds';
const NAMES = ['L1', 'L2'] as const;
const TABLE: Record<string, string> = { a: 'D1', b: 'D2' };
const PROVIDERS = { x: { secret: 'S1' }, y: { secret: 'S2' } };
enum Keys { A = 'E1', B = 'E2' }
const PREFIX = 'PFX';
export async function greet(ax: AxiomContext, input: A): Promise<B> {
  for (const n of NAMES) ax.secrets.get(n);
  for (const [, n] of Object.entries(TABLE)) ax.secrets.get(n);
  for (const n of Object.values(TABLE)) ax.secrets.get(n);
  ax.secrets.get(TABLE[input.getKind()]);
  ax.secrets.get(PROVIDERS[input.getKind() as keyof typeof PROVIDERS].secret);
  ax.secrets.get(Keys.A);
  ax.secrets.get(`${PREFIX}_ONE`);
  const get = (n: string): string => { const [v, ok] = ax.secrets.get(n); return ok ? v : ''; };
  get('CLOS1');
  const key = ax.secrets.get('O1')[0] || ax.secrets.get('O2')[0];
  const { secrets: s } = ax;
  s.get('AL1');
  const g = ax.secrets.get.bind(ax.secrets);
  g('BIND1');
  NAMES.map((n) => ax.secrets.get(n));
  ['A1', 'A2'].forEach((n) => ax.secrets.get(n));
  const [[a], [b]] = ['MD1', 'MD2'].map((n) => ax.secrets.get(n));
  fetchKey(ax, 'LIB1');
  fetchKey(ax);
  new Client(ax).key();
  ax.secrets.get(Names.Token);
  creds.viaSecrets(ax.secrets, { name: 'OBJ1' });
  opt({ ax, name: 'OBJ2' });
  await Promise.all(['PA1', 'PA2'].map(async (n) => ax.secrets.get(n)));
  const name = input.getX() ? 'COND1' : 'COND2';
  ax.secrets?.get(name);
  ax['secrets'].get('BR1');
  const reader = makeReader(ax);
  reader('MK1');
  return new B();
}
const makeReader = (ax: AxiomContext) => (name: string) => ax.secrets.get(name);
function opt({ ax, name = 'OBJD' }: { ax: AxiomContext; name?: string }) { return ax.secrets.get(name); }
