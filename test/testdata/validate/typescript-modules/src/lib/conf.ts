import { KEY } from '@/nodes/util/a';
export const conf = { db: { secret: 'SH_DB' }, list: ['SH_L'], get key() { return KEY; } } as const;
export type Names = 'SH_DB';
export abstract class Keys { static A = 'KS_A'; static get B() { return 'KS_B'; } }
