/** The rest of what a handler is given. */

import { setCancellation, cancellationOf } from '../gen/axiomCancellation';
import { emptyReflection, refusedMutation } from '../gen/axiom/flow';
import { attr, AxiomMutationError, telemetryOf, type AxiomContext } from '../gen/axiomContext';
import { createTestContext } from '../gen/axiomTestContext';

describe('the flow', () => {
  it('is empty, and every change to it is refused by a clear error', () => {
    expect(emptyReflection().flow).toMatchObject({ nodes: [], edges: [], loopEdges: [], graphId: '' });
    const { flow } = refusedMutation();
    expect(() => flow.addNode('acme/other', '1.0.0')).toThrow(AxiomMutationError);
    expect(() => flow.addEdge(0, 1)).toThrow('cannot change the running flow');
    expect(() => createTestContext().mutation?.flow.addEdge(0, 1)).toThrow(AxiomMutationError);
  });
});

describe('telemetryOf', () => {
  it("is the context's own where it has one, and does nothing elsewhere", () => {
    const seen: string[] = [];
    const own = { addEvent: (name: string) => seen.push(name), counter() {}, histogram() {} };
    const ax: AxiomContext = Object.assign(createTestContext(), { _axiomTelemetry: () => own });
    telemetryOf(ax).addEvent('hit', [attr('size', 1)]);
    telemetryOf(createTestContext()).addEvent('missed');
    expect(seen).toEqual(['hit']);
  });
});

describe('cancellationOf', () => {
  it('is aborted with the invocation, and never for a double', () => {
    const ax = createTestContext();
    expect(cancellationOf(ax).aborted).toBe(false);
    const controller = new AbortController();
    setCancellation(ax, controller.signal);
    controller.abort();
    expect(cancellationOf(ax).aborted).toBe(true);
  });
});

describe('createTestContext', () => {
  it('has the ids of tests, and keeps what was logged and read', () => {
    const ax = createTestContext({ secretsMap: { NAME: 'v' } });
    ax.log.warn('odd', { n: 1 });
    ax.log.info('plain');
    ax.secrets.get('NAME');
    ax.secrets.get('OTHER');
    expect([ax.executionId, ax.flowId, ax.tenantId]).toEqual([
      'test-execution-id',
      'test-flow-id',
      'test-tenant-id',
    ]);
    expect(ax.logRecords).toEqual([
      { level: 'warn', message: 'odd', attributes: { n: 1 } },
      { level: 'info', message: 'plain', attributes: {} },
    ]);
    expect(ax.secretReads).toEqual([
      { name: 'NAME', found: true },
      { name: 'OTHER', found: false },
    ]);
  });
});
