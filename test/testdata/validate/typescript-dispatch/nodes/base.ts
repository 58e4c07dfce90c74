import type { AxiomContext } from '../gen/axiomContext';
export abstract class Job {
  constructor(protected readonly ax: AxiomContext) {}
  protected abstract keyName(): string;
  protected setup(): void {}
  async run() { this.setup(); const [v] = this.ax.secrets.get(this.keyName()); const [s] = this.ax.secrets.get('K_SHARED'); return v + s; }
}
export class AlphaJob extends Job { protected keyName() { return 'K_ALPHA'; } }
export class BetaJob extends Job { protected keyName() { return 'K_BETA'; } protected override setup() { this.ax.secrets.get('K_BETA_SETUP'); } }
