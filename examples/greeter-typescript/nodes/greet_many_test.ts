import { createTestContext } from '../gen/axiomTestContext';
import { GreetRequest } from '../gen/messages_pb';
import { greetMany } from './greet_many';

describe('GreetMany', () => {
  it('greets everyone in turn', async () => {
    const ax = createTestContext({ secretsMap: { GREETER_SIGNATURE: 'test-sig' } });
    async function* inputs() {
      yield new GreetRequest().setName('Ada');
      yield new GreetRequest().setName('Grace');
    }
    const greetings: string[] = [];
    for await (const reply of greetMany(ax, inputs())) greetings.push(reply.getGreeting());
    expect(greetings).toEqual(['Hello Ada, from test-sig', 'Hello Grace, from test-sig']);
  });
});
