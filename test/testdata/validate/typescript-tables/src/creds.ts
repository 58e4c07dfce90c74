import type { AxiomContext, AxiomSecrets } from '../gen/axiomContext';
export const Names = { Token: 'N1' } as const;
export function fetchKey(ax: AxiomContext, name = 'DEF1') { return ax.secrets.get(name); }
export class Client {
  private static readonly KEY = 'CL1';
  constructor(private readonly ax: AxiomContext) {}
  key() { return this.ax.secrets.get(Client.KEY); }
}
export function viaSecrets(secrets: AxiomSecrets, o: { name: string }) { return secrets.get(o.name); }
