import { AxiomContext } from '../gen/axiomContext';

export function fakeContext(values: Record<string, string>): AxiomContext {
  return { secrets: { get: (name: string) => [values[name] ?? '', name in values] } } as AxiomContext;
}

export function touch(ax: AxiomContext): void {
  ax.secrets.get('TESTKIT_ONLY');
}
