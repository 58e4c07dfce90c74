export const PREFIX = 'APP';
export const MAIL = `${PREFIX}_MAIL`;
export enum Names { Smtp = 'SMTP_PASSWORD', Imap = 'IMAP_PASSWORD' }
export const Table = { x: 'TAB_X', y: 'TAB_Y' } as const;
export default { TOKEN: 'DEF_TOKEN', nested: { deep: 'DEF_DEEP' } };
export const LIST = ['L_A', 'L_B'] as const;
export const MAP = new Map<string, string>([['a', 'MAP_A'], ['b', 'MAP_B']]);
export class Keys { static readonly API = 'KEYS_API'; static names() { return ['KN_A', 'KN_B']; } }
export const pick = (env: string) => env === 'prod' ? 'PICK_PROD' : 'PICK_DEV';
export namespace NS { export const INNER = 'NS_INNER'; }
export const fromSwitch = (k: string): string => { switch (k) { case 'a': return 'SW_A'; default: return 'SW_B'; } };
