export const KEY = 'A_KEY';
export default function load(ax: AxiomContext, n = KEY) { return ax.secrets.get(n); }
