const KEYS: Record<string, string> = { a: 'K_ALPHA', b: 'K_BETA' };
const M = new Map([['a', 'K_ALPHA'], ['b', 'K_BETA']]);
export const keyFor = (ax: AxiomContext, p: 'a' | 'b') => ax.secrets.get(KEYS[p]);
export const viaMap = (ax: AxiomContext, p: string) => ax.secrets.get(M.get(p)!);
