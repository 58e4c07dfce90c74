import * as base from './base';
export const beta = async (ax, input) => { const j: base.Job = new base.BetaJob(ax); return use(await j.run()); };
