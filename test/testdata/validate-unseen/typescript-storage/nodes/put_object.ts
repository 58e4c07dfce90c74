import type { AxiomContext } from '../gen/axiomContext';
import { createStore, StoreError } from './stores';

const wrap = <T>(label: string, work: () => T): T => {
  try {
    return work();
  } catch (cause) {
    throw new StoreError(label, { cause });
  }
};

export async function putObject(ax: AxiomContext, input: Request): Promise<Reply> {
  const { secrets, log } = ax;
  const store = wrap('open', () => createStore(secrets, input.getKind()));
  const timer = setTimeout(() => log.warn('slow', { kind: input.getKind() }), 1000);
  try {
    const url = await store.put(input.getName(), input.getBody());
    return new Reply({ url });
  } finally {
    clearTimeout(timer);
  }
}
