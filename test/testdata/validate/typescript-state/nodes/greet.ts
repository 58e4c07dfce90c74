// Reads in many shapes, one a line; what is expected of each stands in expected.json.
import type { AxiomContext } from '../gen/axiomContext';
import { A, B } from '../gen/messages_pb';
type Getter = AxiomContext['secrets']['get'];
const cache = new Map<string, string>();
const SECRETS = Object.freeze({ token: 'FZ_TOKEN', key: 'FZ_KEY' } as const);
const list: string[] = [];
list.push('PU_A', 'PU_B');
const byKind: Record<string, () => string> = { a: () => 'FN_A', b() { return 'FN_B'; } };
class Env { private static instance?: Env; private constructor(private readonly ax: AxiomContext) {} static of(ax: AxiomContext) { return (Env.instance ??= new Env(ax)); } get(n: string) { return this.ax.secrets.get(n)[0]; } }
class Http { constructor(private opts: { ax: AxiomContext; secretName: string }) {} async call() { const { ax, secretName } = this.opts; return ax.secrets.get(secretName); } }
class Chain { private n = 'CH_DEF'; constructor(private ax: AxiomContext) {} name(n: string): this { this.n = n; return this; } done() { return this.ax.secrets.get(this.n); } }
function* names() { yield 'YI_A'; yield 'YI_B'; }
async function withRetry<T>(fn: () => Promise<T>): Promise<T> { try { return await fn(); } catch { return fn(); } }
function required(get: Getter, ...ns: string[]) { for (const n of ns) { const [v, ok] = get(n); if (!ok) throw new Error(n); cache.set(n, v); } }
const pipe = (...fns: ((x: any) => any)[]) => (x: any) => fns.reduce((a, f) => f(a), x);
export async function greet(ax: AxiomContext, input: A): Promise<B> {
  ax.secrets.get(SECRETS.token);
  for (const n of Object.values(SECRETS)) ax.secrets.get(n);
  for (const n of list) ax.secrets.get(n);
  ax.secrets.get(byKind[input.getK()]());
  Env.of(ax).get('ENV_GET');
  await new Http({ ax, secretName: 'HTTP_KEY' }).call();
  new Chain(ax).name('CH_SET').done();
  new Chain(ax).done();
  for (const n of names()) ax.secrets.get(n);
  await withRetry(async () => ax.secrets.get('RETRY'));
  required(ax.secrets.get, 'RQ_A', 'RQ_B');
  required((n) => ax.secrets.get(n), 'RQ_C');
  const api = input.getProd() ? SECRETS.token : `${'A'}_X`;
  ax.secrets.get(api);
  const { get } = ax.secrets;
  get('DESTR');
  const fetchers = { one: () => ax.secrets.get('FO_ONE'), two: () => ax.secrets.get('FO_TWO') };
  Object.values(fetchers).forEach((f) => f());
  const [{ 0: first }] = [ax.secrets.get('IDX')];
  const pair = ax.secrets.get('PAIRED');
  if (!pair[1]) ax.log.warn('PAIRED is not set');
  ax.log.info('state', { ok: pair[1], masked: '***' });
  ax.log.info(`paired=${pair[0]}`);
  const s = JSON.stringify({ key: pair[0] });
  console.log(s);
  const url = new URL('https://x'); url.searchParams.set('k', pair[0]);
  const res = await fetch(url, { headers: { a: pair[0] } });
  ax.log.info('res', { status: res.status, body: await res.text() });
  const config = { get: (x: string) => x, secrets: { get: (y: string) => y } };
  config.get('NOPE_ONLY'); config.secrets.get('NOPE_ONLY');
  sessionStorage.get('NOPE_ONLY'); cache.get('NOPE_ONLY'); new Headers().get('NOPE_ONLY'); input.getMap().get('NOPE_ONLY');
  void `ax.secrets.get("NOPE_ONLY")`;
  const out = new B();
  out.setLength(pair[0].length);
  out.setStatus(res.status);
  return out;
}
