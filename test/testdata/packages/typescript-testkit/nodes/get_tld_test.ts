import { CodeInput, TLDOutput } from '../gen/messages_pb';
import { getTLD } from './get_tld';
import { ctx } from './testkit';

describe('GetTLD', () => {
  it('knows the exception', () => {
    const input = new CodeInput();
    input.setCode('GB');
    const out = getTLD(ctx, input);
    expect(out).toBeInstanceOf(TLDOutput);
    expect(out.getTld()).toBe('.uk');
  });
});
