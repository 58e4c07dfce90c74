import { Place, Forecast } from '../gen/messages_pb';
import { AxiomContext, secretStatusOf } from '../gen/axiomContext';

const NAMES = ['TLD_TOKEN', 'TLD_TOKEN_2'];

export const getTLD = (ax: AxiomContext, input: Place): Forecast => {
  const values = NAMES.map((name) => ax.secrets.get(name));
  const [, found] = ax.secrets
    .get('TLD_REGION');
  console.log('found', found, secretStatusOf(ax.secrets, 'TLD_TOKEN'));
  const out = new Forecast();
  out.setCount(values.length);
  return out;
};
