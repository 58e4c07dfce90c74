import { createTestContext } from '../gen/axiomTestContext';
import { GreetRequest } from '../gen/messages_pb';
import { greet } from './greet';

const ada = new GreetRequest().setName('Ada');

describe('Greet', () => {
  it("signs with the tenant's signature", () => {
    const ax = createTestContext({ secretsMap: { GREETER_SIGNATURE: 'test-sig' } });
    expect(greet(ax, ada).getGreeting()).toBe('Hello Ada, from test-sig');
  });

  it('signs as anonymous where no signature is registered', () => {
    expect(greet(createTestContext(), ada).getGreeting()).toBe('Hello Ada, from anonymous');
  });

  it('signs as anonymous once the signature is revoked', () => {
    const ax = createTestContext({
      secretsMap: { GREETER_SIGNATURE: 'test-sig' },
      revokedNames: ['GREETER_SIGNATURE'],
    });
    expect(greet(ax, ada).getGreeting()).toBe('Hello Ada, from anonymous');
  });
});
