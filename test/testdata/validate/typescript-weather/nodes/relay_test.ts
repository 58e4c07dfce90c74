import { relay } from './relay';
import { fakeContext } from './testkit';

test('relay', () => {
  const ax = fakeContext({ RELAY: 'x' });
  ax.secrets.get('TEST_ONLY');
  relay(ax, null as never);
});
