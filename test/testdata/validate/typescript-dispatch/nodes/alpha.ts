import { AlphaJob } from './base';
export async function alpha(ax, input) { const v = await new AlphaJob(ax).run(); return use(v); }
