export const KEY = 'B_KEY';
const load = (ax: AxiomContext) => ax.secrets.get(KEY);
export { load as loadB };
