import {
  AxiomContext,
  AxiomMutationFlow,
  AxiomNodeError,
  AxiomSecrets,
  CanvasPosition,
  SecretStatus,
  telemetryOf,
} from '../gen/axiomContext';
import { cancellationOf } from '../gen/axiomCancellation';
import { createTestContext } from '../gen/axiomTestContext';
import { Request } from '../gen/messages_pb';
import { grow } from './grow';

class Secrets implements AxiomSecrets {
  get(name: string): [string, boolean] {
    return name === 'TOKEN' ? ['t', true] : ['', false];
  }
}

class OldFlow implements AxiomMutationFlow {
  addNode(_package: string, _version: string, _position?: CanvasPosition): number {
    return 7;
  }
  addEdge(): void {}
}

class NewFlow implements AxiomMutationFlow {
  addNode(_package: string, _version: string, _node?: string, _position?: CanvasPosition): number {
    return 8;
  }
  addEdge(_from: number, _to: number): void {}
}

// Only what the oldest packages' doubles have.
class Minimal implements AxiomContext {
  readonly log = { debug() {}, info() {}, warn() {}, error() {} };
  readonly secrets = new Secrets();
  readonly executionId = 'e';
  readonly flowId = 'f';
  readonly tenantId = 't';
}

describe('doubles', () => {
  it('may leave out reflection, mutation and status', () => {
    const ax = new Minimal();
    expect(grow(ax, new Request()).getStatus()).toBe(SecretStatus.Available);
    telemetryOf(ax).addEvent('seen');
    expect(cancellationOf(ax).aborted).toBe(false);
  });

  it.each([
    [new OldFlow(), 7],
    [new NewFlow(), 8],
  ])('may have either form of addNode', (flow, instance) => {
    const ax: AxiomContext = { ...new Minimal(), mutation: { flow } };
    expect(grow(ax, new Request()).getInstance()).toBe(instance);
  });

  it('say revoked only where they have a status', () => {
    const ax = createTestContext({ secretsMap: { TOKEN: 't' }, revokedNames: ['TOKEN'] });
    expect(grow(ax, new Request()).toObject()).toEqual({ instance: -1, status: 'revoked' });
  });
});

describe('AxiomNodeError', () => {
  it('carries a code, a message and a detail', () => {
    const error = new AxiomNodeError('CODE', 'message', 'detail');
    expect(error.axiomNodeError()).toEqual({ code: 'CODE', message: 'message', detail: 'detail' });
    expect(error).toBeInstanceOf(Error);
  });
});
