// Reads in many shapes, one a line; what is expected of each stands in expected.json.
import { loadA, loadB, KEY, KEY_A, b, a } from './util';
import { loadB as lb } from './util/index.js';
import { conf, Keys } from '../src/lib/conf';
import conf2 = require('../src/lib/conf');
export async function greet(ax: AxiomContext, input: A): Promise<B> {
  loadA(ax); loadA(ax, 'ARG');
  loadB(ax); lb(ax); b.loadB(ax); a.default(ax);
  ax.secrets.get(KEY);
  ax.secrets.get(KEY_A);
  ax.secrets.get(a.KEY);
  ax.secrets.get(b.KEY);
  ax.secrets.get(conf.db.secret);
  ax.secrets.get(conf['list'][0]);
  ax.secrets.get(conf.key);
  ax.secrets.get(Keys.A);
  ax.secrets.get(Keys.B);
  const { loadB: dyn } = await import('./util/b');
  dyn(ax);
  const { KEY: k3 } = await import('./util/a');
  ax.secrets.get(k3);
  return new B();
}
