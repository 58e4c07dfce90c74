import type { AxiomContext, AxiomSecrets } from '../../gen/axiomContext';
export function need(ax: AxiomContext, name: string = 'DEFAULTED'): string {
  const [value, ok] = ax.secrets.get(name);
  if (!ok) throw new Error(`${name} missing`);
  return value;
}
export const opt = async ({ secrets }: Pick<AxiomContext, 'secrets'>, { name, fallback = '' }: { name: string; fallback?: string }) => {
  const [v = fallback] = secrets.get(name);
  return v;
};
export class Store {
  #cache = new Map<string, string>();
  constructor(private readonly ax: AxiomContext, private name = 'STORE_DEF') {}
  get secrets() { return this.ax.secrets; }
  read(name: string) { return this.secrets.get(name); }
  own() { return this.ax.secrets.get(this.name); }
  arrow = (name: string) => this.ax.secrets.get(name)[0];
  static from(ax: AxiomContext) { return new Store(ax, 'STORE_GIVEN'); }
  *all(names: string[]) { for (const n of names) yield this.ax.secrets.get(n); }
}
export abstract class Base {
  protected abstract readonly key: string;
  constructor(protected ax: AxiomContext) {}
  value() { return this.ax.secrets.get(this.key)[0]; }
}
export class Sub extends Base { protected readonly key = 'SUB_KEY'; }
export const withSecrets = <T>(ax: AxiomContext, fn: (get: (n: string) => string) => T): T => fn((n) => ax.secrets.get(n)[0]);
export function makeGetter(s: AxiomSecrets) { return { get: (n: string) => s.get(n)[0], has: (n: string) => s.get(n)[1] }; }
export function curry(ax: AxiomContext) { return function (prefix: string) { return (n: string) => ax.secrets.get(`${prefix}_${n}`); }; }
export function even(ax: AxiomContext, n: string, d: number): string { return d > 0 ? odd(ax, n, d - 1) : ax.secrets.get(n)[0]; }
function odd(ax: AxiomContext, n: string, d: number): string { return even(ax, n, d - 1); }
export function many<K extends string>(ax: AxiomContext, ...names: K[]): Record<K, string> {
  return Object.fromEntries(names.map((n) => [n, ax.secrets.get(n)[0]])) as Record<K, string>;
}
export interface Opts { ax: AxiomContext; secretName?: string }
export function byOpts({ ax, secretName = 'OPTS_DEF' }: Opts) { return ax.secrets.get(secretName); }
