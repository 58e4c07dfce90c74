import { Place, Forecast } from '../gen/messages_pb';
import { AxiomContext } from '../gen/axiomContext';
import { KEYS, requireSecret, Weather } from './lib';
import * as lib from './lib';

/**
 * Reads ax.secrets.get('DOC_ONLY') in words only.
 * @param ax - Platform context: ax.log for logging, ax.secrets for secrets.
 */
export async function getForecast(ax: AxiomContext, input: Place): Promise<Forecast> {
  const out = new Forecast();
  const [key, ok] = ax.secrets.get(KEYS.weather);
  if (!ok) {
    ax.log.warn('no key', { name: KEYS.weather });
    return out;
  }
  const { secrets } = ax;
  const [backup] = secrets.get('WEATHER_BACKUP');
  const region = requireSecret(ax, 'WEATHER_REGION');
  const client = new lib.Weather(ax);
  out.setText(await client.load(region ?? backup));
  out.setDebug(`key=${key}`);
  const model = { secrets: new Map<string, string>() };
  model.secrets.get('MODEL_ONLY');
  return out;
}
